import type { Logger } from 'pino'
import type { Pack } from '../../clip/pack.ts'
import type { VisualizationRequest } from '../../visualization/visualize.ts'
import { Connections, mustAnswer } from '../../redis.ts'
import type { EngineStatus, Priority, Provider, Visualization } from '../engine.ts'
import type { DrawOptions, EncodeJob, EncodeOptions, ExplainJob, Model, ModelResult } from '../model.ts'
import { type Member, workersFor } from './fleet.ts'
import { dialectOf } from './names.ts'
import { Requests, type RequestsSetup } from './requests.ts'

/** A stalled job is taken over within 10 s. */
const usuallyHeardOfWithinMs = 20_000
/** Fairness is kept in front of the queue: a bot has no more in it than keeps each worker busy. */
const picturesPerWorker = 16
/** Workers come and go while the bot runs. */
const countWorkersEveryMs = 5000
/** In BullMQ a lower number goes first, and 0 before all others. */
const priorities: Record<Priority, number> = { person: 1, schedule: 2, idle: 3 }

interface Options {
  readonly url: string
  readonly pack: Pack
  readonly log: Logger
  readonly heardOfWithinMs?: number
}

/**
 * A bot's end of the queue: workers in other processes run the model.
 * @throws UserError 'bad-settings' if Redis does not answer.
 */
export async function openQueueModel({
  url,
  pack,
  log,
  heardOfWithinMs = usuallyHeardOfWithinMs,
}: Options): Promise<Model> {
  const heard = warnOnce(log)
  const connections = new Connections(url, heard)
  const redis = connections.hasty()
  try {
    await mustAnswer(redis)
    const dialect = dialectOf(pack)
    const serving = await workersFor(redis, dialect)
    log.info({ workers: serving.length }, 'workers that serve this pack over the queue')
    const setup = { connections, redis, dialect, log, heard, heardOfWithinMs }
    const requests = new Requests(setup)
    await requests.listen()
    return new QueueModel(setup, requests, serving)
  } catch (error) {
    connections.close()
    throw error
  }
}

class QueueModel implements Model {
  readonly #setup: RequestsSetup
  readonly #requests: Requests
  #provider: Provider
  /** How many workers serve this bot. */
  #workers: number
  readonly #counting: NodeJS.Timeout

  constructor(setup: RequestsSetup, requests: Requests, serving: readonly Member[]) {
    this.#setup = setup
    this.#requests = requests
    this.#workers = serving.length
    this.#provider = serving[0]?.provider ?? 'cpu'
    this.#counting = setInterval(() => void this.#countWorkers(), countWorkersEveryMs).unref()
  }

  get atOnce(): number {
    return picturesPerWorker * this.drawingsAtOnce
  }

  get drawingsAtOnce(): number {
    return Math.max(1, this.#workers)
  }

  status(): Pick<EngineStatus, 'provider' | 'reports'> {
    return { provider: this.#provider, reports: [] }
  }

  async ready(): Promise<boolean> {
    return (await this.#serving()).length > 0
  }

  #serving(): Promise<Member[]> {
    return workersFor(this.#setup.redis, this.#setup.dialect)
  }

  async #countWorkers(): Promise<void> {
    try {
      this.#workers = (await this.#serving()).length
    } catch (error) {
      this.#setup.log.debug({ err: error }, 'the workers could not be counted; as many as before, then')
    }
  }

  async encode(
    job: EncodeJob,
    { alone = false, signal }: EncodeOptions = {},
  ): Promise<ModelResult & { provider: Provider }> {
    const result = await this.#requests.ask('pictures', 'encode', { ...job, alone }, { signal })
    this.#provider = result.provider
    return result
  }

  explain(job: ExplainJob, { signal }: EncodeOptions = {}): Promise<Float32Array | undefined> {
    return this.#requests.ask('pictures', 'explain', job, { signal })
  }

  embedWords(words: readonly string[], { signal }: EncodeOptions = {}): Promise<Float32Array[]> {
    return this.#requests.ask('pictures', 'embedWords', { words }, { signal })
  }

  visualize(
    request: VisualizationRequest,
    { signal, onProgress, priority = 'person' }: DrawOptions = {},
  ): Promise<Visualization> {
    const options = { signal, onProgress, priority: priorities[priority] }
    return this.#requests.ask('drawings', 'visualize', request, options)
  }

  async close(withinMs: number): Promise<void> {
    clearInterval(this.#counting)
    await this.#requests.close(withinMs)
    this.#setup.connections.close()
  }
}

/** A line in the log when Redis goes away, not one at every try. */
function warnOnce(log: Logger): (error: Error) => void {
  let last = ''
  return (error) => {
    if (error.message === last) return
    last = error.message
    log.warn({ err: error }, 'the queue is not reachable')
  }
}
