import type { Logger } from 'pino'
import type { Pack } from '../clip/pack.ts'
import { Gate } from '../threads/gate.ts'
import { type JobsOf, Pool, ThreadDied } from '../threads/pool.ts'
import { Batcher } from './batcher.ts'
import type { EngineStatus, ProviderSetting, Visualization } from './engine.ts'
import { ModelServer } from './model-server/client.ts'
import { modelNames } from './model-server/names.ts'
import type { VisualizationRequest } from '../visualization/visualize.ts'
import type { DrawOptions, EncodeJob, EncodeOptions, ExplainJob, Model, ModelResult } from './model.ts'
import type * as ModelJobs from './model.worker.ts'
import { VisualizationThread } from './visualization-thread.ts'

/** Pictures in one run of the model. Measured on the pocket pack: 8 take 20 % less of the CPU than 8 single runs. */
export const maxBatch = 8
/** Batches at a model server at the same time: one runs while the other travels. */
const batchesOnServer = 2

export interface ThreadModelOptions {
  readonly pack: Pack
  readonly provider: ProviderSetting
  /** Whether this machine has a driver for WebGPU; without one it isn't tried. */
  readonly vulkan?: boolean
  /** The address of a model server that encodes; drawings, which need the model's gradient, then run on the CPU here. */
  readonly server?: string
  /** Threads of one run of the model on the CPU. */
  readonly threads: number
  readonly log: Logger
  /** Told of each run of the image encoder. */
  readonly onRun?: (run: {
    readonly provider: string
    readonly batch: number
    readonly seconds: number
  }) => void
}

/**
 * The model on a worker thread of this process, drawings on another. If a thread dies, its requests are tried once
 * more, each by itself.
 * @throws UserError 'bad-pack' if the pack fails its self-test, 'bad-settings' if the provider does not work here or
 * the server does not serve the pack.
 */
export async function openThreadModel(options: ThreadModelOptions): Promise<Model> {
  const { pack, provider, vulkan = true, server, threads, log } = options
  const { folder, facts, baseline } = pack
  const atOnce = server ? batchesOnServer : 1
  const onDeath = (error: ThreadDied): void => log.warn({ err: error }, 'a thread died; trying its job again')
  const pool = new Pool({
    threads: 1,
    each: atOnce,
    data: {
      pack: { folder, facts, baseline },
      threads,
      vulkan,
      ...(server && { server }),
    } satisfies ModelJobs.ModelData,
    onDeath,
  })
  const jobs: Parts['jobs'] = pool.jobs('src/jobs/model.worker.ts')
  const chosen = await jobs
    .run('choose', () => provider)
    .catch(async (error: unknown) => {
      await pool.close()
      throw error
    })
  for (const { provider, serves, reason } of chosen.reports)
    log.debug({ provider, serves }, `execution provider ${provider}: ${reason}`)
  const gate = new Gate()
  const drawings = new VisualizationThread({ pack, threads, gate, onDeath })
  return new ThreadModel({ ...options, ...chosen, atOnce, pool, jobs, gate, drawings })
}

interface Parts
  extends Omit<ThreadModelOptions, 'provider' | 'vulkan'>, Pick<EngineStatus, 'provider' | 'reports'> {
  readonly pool: Pool
  readonly jobs: JobsOf<typeof ModelJobs>
  readonly drawings: VisualizationThread
  /** How many batches run at once. */
  readonly atOnce: number
  /** Shut while pictures wait. */
  readonly gate: Gate
}

class ThreadModel implements Model {
  readonly atOnce: number
  readonly drawingsAtOnce = 1
  readonly #parts: Parts
  readonly #batcher: Batcher<EncodeJob, ModelResult>
  #busy = 0

  constructor(parts: Parts) {
    this.#parts = parts
    this.atOnce = maxBatch * parts.atOnce
    this.#batcher = new Batcher((pictures) => this.#encode(pictures), maxBatch, parts.atOnce)
  }

  status(): Pick<EngineStatus, 'provider' | 'reports'> {
    const { provider, reports } = this.#parts
    return { provider, reports }
  }

  /** The next job restarts a thread that died. */
  async ready(): Promise<boolean> {
    const { server, pack } = this.#parts
    if (server) await new ModelServer(server).mustHold(modelNames(pack.facts).pictures)
    return true
  }

  async encode(job: EncodeJob, { alone = false }: EncodeOptions = {}) {
    const result = await this.#first(() => this.#batcher.add(job, alone))
    return { ...result, provider: this.#parts.provider }
  }

  explain(job: ExplainJob): Promise<Float32Array | undefined> {
    const { jobs, provider } = this.#parts
    return this.#first(() => jobs.run('explain', () => ({ ...job, provider })))
  }

  embedWords(words: readonly string[]): Promise<Float32Array[]> {
    const { jobs, provider } = this.#parts
    return this.#first(() => jobs.run('embedWords', () => ({ provider, words })))
  }

  visualize(request: VisualizationRequest, options: DrawOptions = {}): Promise<Visualization> {
    const { provider, drawings } = this.#parts
    return drawings.visualize(request, provider === 'server' ? 'cpu' : provider, options)
  }

  async close(withinMs: number): Promise<void> {
    await this.#parts.drawings.close(withinMs)
    await this.#parts.pool.close()
  }

  /** Holds drawings back while it runs. */
  async #first<T>(run: () => Promise<T>): Promise<T> {
    const { gate } = this.#parts
    gate.shut = ++this.#busy > 0
    try {
      return await run()
    } finally {
      gate.shut = --this.#busy > 0
    }
  }

  async #encode(pictures: readonly EncodeJob[]): Promise<PromiseSettledResult<ModelResult>[]> {
    const { jobs, provider, log, onRun } = this.#parts
    const run = async (some: readonly EncodeJob[]) => {
      const results = await jobs.run('encodePictures', () => ({ provider, pictures: some }), {
        once: true,
      })
      onRun?.({
        provider,
        batch: some.length,
        seconds: results.reduce((sum, { modelMs }) => sum + modelMs, 0) / 1000,
      })
      return results
    }
    try {
      return (await run(pictures)).map((value) => ({ status: 'fulfilled', value }))
    } catch (error) {
      if (!(error instanceof ThreadDied)) return pictures.map(() => ({ status: 'rejected', reason: error }))
      log.warn({ err: error, pictures: pictures.length }, 'the model thread died; trying each picture again')
    }
    // One of them brought down the thread; by itself it can't harm the others.
    const settled: PromiseSettledResult<ModelResult>[] = []
    for (const picture of pictures)
      settled.push(...(await Promise.allSettled([run([picture]).then(([one]) => one!)])))
    return settled
  }
}
