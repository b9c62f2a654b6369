import type { Logger } from 'pino'
import type { Pack } from '../clip/pack.ts'
import type { RawPicture } from '../pictures/picture.ts'
import { UserError } from '../errors.ts'
import { Batcher } from './batcher.ts'
import { Crew, retryOnce, ThreadDied } from './crew.ts'
import type {
  Analysis,
  Classification,
  Engine,
  EngineStatus,
  PictureInput,
  RunOptions,
  Visualization,
  VisualizationRequest,
} from './engine.ts'
import { Gate } from './gate.ts'
import type * as HelperJobs from './helper.worker.ts'
import { Line } from './line.ts'
import type * as ModelJobs from './model.worker.ts'
import type { ProviderSetting } from './provider.ts'
import { joinRows, rowsOf } from './rows.ts'
import { Texts } from './texts.ts'
import { ownBytes } from './thread-answer.ts'
import { Visualizer, type VisualizeOptions } from './visualizer.ts'

type ModelCrew = Crew<typeof ModelJobs>
type HelperCrew = Crew<typeof HelperJobs>

/** Pictures in one run of the model. Measured on the pocket pack: 8 take 20 % less of the CPU than 8 single runs. */
const MAX_BATCH = 8
/** Decoding goes through libuv's pool, which has four threads for the whole process. */
const MAX_HELPERS = 4
const MAX_LABELS = 3000
/** Texts of one run of the text model, so that pictures wait for no more than that. */
const TEXTS_AT_ONCE = 64
/** At 512 numbers each 16 MB. */
const TEXTS_KEPT = 8192
/** A stop takes at most five seconds in all: this long for what runs, and then this long for its threads. */
const FINISH_WITHIN_MS = 3500
const END_WITHIN_MS = 1000

export interface EngineOptions {
  readonly pack: Pack
  readonly provider: ProviderSetting
  /** Threads of one run of the model on the CPU, and of decoding. */
  readonly threads: number
  /** Requests that may wait. */
  readonly queueLimit: number
  readonly log: Logger
}

/**
 * The engine in this process: the model on one worker thread, decoding on others. Where a thread dies, its
 * requests are tried once more, each by itself.
 * @throws UserError 'bad-pack' where the pack fails its self-test, 'bad-settings' where the provider does not
 * work here.
 */
export async function createEngine({
  pack,
  provider,
  threads,
  queueLimit,
  log,
}: EngineOptions): Promise<Engine> {
  const model: ModelCrew = new Crew({
    file: 'src/jobs/model.worker.ts',
    threads: 1,
    data: { pack, threads } satisfies ModelJobs.ModelData,
  })
  const helperCount = Math.min(threads, MAX_HELPERS)
  const helpers: HelperCrew = new Crew({
    file: 'src/jobs/helper.worker.ts',
    threads: helperCount,
    data: undefined,
  })
  const choosing = model.run('choose', provider)
  // Each takes a thread of its own, so that the first picture finds them all ready.
  const loading = Array.from({ length: helperCount }, () => helpers.run('load', undefined))
  const [chosen] = await Promise.all([choosing, ...loading]).catch(async (error: unknown) => {
    // Ending a thread that is still loading its native library would end the process.
    await Promise.allSettled([choosing, ...loading])
    await Promise.all([model.close(END_WITHIN_MS), helpers.close(END_WITHIN_MS)])
    throw error
  })
  for (const { provider, serves, reason } of chosen.reports)
    log.info({ provider, serves }, `execution provider ${provider}: ${reason}`)
  return new InProcessEngine({ pack, threads, model, helpers, helperCount, queueLimit, log, ...chosen })
}

interface Parts
  extends
    Pick<EngineStatus, 'provider' | 'reports'>,
    Pick<EngineOptions, 'pack' | 'threads' | 'queueLimit' | 'log'> {
  readonly model: ModelCrew
  readonly helpers: HelperCrew
  readonly helperCount: number
}

class InProcessEngine implements Engine {
  readonly #parts: Parts
  /** As many are let in as fill the next batch while one runs, and keep the helpers busy. */
  readonly #line: Line
  readonly #batcher: Batcher<RawPicture, ModelJobs.ModelResult>
  readonly #texts: Texts
  /** A picture is copied for its helper when that is free: copying many at once would hold up the event loop. */
  readonly #decoding: Line
  readonly #visualizer: Visualizer

  constructor(parts: Parts) {
    this.#parts = parts
    const { pack, threads, queueLimit } = parts
    const gate = new Gate()
    this.#line = new Line({
      atOnce: MAX_BATCH + parts.helperCount,
      limit: queueLimit,
      onChange: () => {
        gate.shut = this.#line.running > 0
      },
    })
    const retrying = this.#retrying.bind(this)
    this.#visualizer = new Visualizer({ pack, threads, queueLimit, gate, retrying })
    this.#decoding = new Line({ atOnce: parts.helperCount, limit: Infinity })
    this.#batcher = new Batcher((squares) => this.#encode(squares), MAX_BATCH)
    this.#texts = new Texts(Math.ceil(TEXTS_AT_ONCE / pack.facts.prompts.length), TEXTS_KEPT)
  }

  analyse(picture: PictureInput, options: RunOptions = {}): Promise<Analysis> {
    const { provider, pack } = this.#parts
    const { side } = pack.facts.picture
    return this.#line.run(async () => {
      const { square, ...decoded } = await this.#decoding.run(() =>
        this.#retrying(() => {
          const { input, buffer } = own(picture)
          return this.#parts.helpers.run('decode', { picture: input, side }, [buffer])
        }),
      )
      const result = await this.#batcher.add(square, options.alone ?? false)
      return { ...decoded, ...result, provider }
    }, options)
  }

  async classify(
    picture: PictureInput,
    labels: readonly string[],
    options: RunOptions = {},
  ): Promise<Classification> {
    if (labels.length === 0 || labels.length > MAX_LABELS)
      throw new UserError('bad-option', `Give 1 to ${MAX_LABELS} labels; these are ${labels.length}.`)
    // Where one half fails, the other half's work is not wanted any more.
    const failed = new AbortController()
    const signal = AbortSignal.any([failed.signal, ...(options.signal ? [options.signal] : [])])
    const [analysis, texts] = await Promise.all([
      this.analyse(picture, { ...options, signal }),
      this.#embed(labels, { ...options, signal }),
    ]).catch((error: unknown) => {
      failed.abort()
      throw error
    })
    const { logitScale, embedding: kind } = this.#parts.pack.facts
    const { fits, shares } = await this.#retrying(() => {
      const rows = joinRows(texts)
      return this.#parts.helpers.run('fit', { picture: analysis.embedding, texts: rows, logitScale }, [
        rows.buffer,
      ])
    })
    return {
      ...analysis,
      scores: fits.map(({ probability, similarity }, i) => ({ label: labels[i]!, probability, similarity })),
      ...(kind === 'units' && { shares: rowsOf(shares, analysis.embedding.length) }),
    }
  }

  async embedWords(words: readonly string[], options: RunOptions = {}): Promise<Float32Array[]> {
    const embeddings = await this.#embed(words, options)
    return embeddings.map((embedding) => embedding.slice())
  }

  visualize(request: VisualizationRequest, options: VisualizeOptions = {}): Promise<Visualization> {
    return this.#visualizer.visualize(request, this.#parts.provider, options)
  }

  status(): EngineStatus {
    const { provider, reports } = this.#parts
    const lines = [this.#line, this.#visualizer.line]
    return {
      provider,
      reports,
      waiting: lines.reduce((sum, { waiting }) => sum + waiting, 0),
      running: lines.reduce((sum, { running }) => sum + running, 0),
    }
  }

  async close(): Promise<void> {
    const { model, helpers } = this.#parts
    await Promise.all([
      this.#line.close(FINISH_WITHIN_MS),
      this.#visualizer.close(FINISH_WITHIN_MS, END_WITHIN_MS),
    ])
    await Promise.all([model.close(END_WITHIN_MS), helpers.close(END_WITHIN_MS)])
  }

  #embed(words: readonly string[], { signal, requester }: RunOptions): Promise<Float32Array[]> {
    const { model, provider } = this.#parts
    const options = { ...(signal && { signal }), ...(requester !== undefined && { requester }) }
    return this.#texts.embed(words, (part) =>
      this.#line.run(() => this.#retrying(() => model.run('embedWords', { provider, words: part })), options),
    )
  }

  async #encode(squares: readonly RawPicture[]): Promise<PromiseSettledResult<ModelJobs.ModelResult>[]> {
    const { model, provider } = this.#parts
    const run = (some: readonly RawPicture[]) => model.run('encodePictures', { provider, squares: some })
    try {
      return (await run(squares)).map((value) => ({ status: 'fulfilled', value }))
    } catch (error) {
      if (!(error instanceof ThreadDied)) return squares.map(() => ({ status: 'rejected', reason: error }))
      this.#parts.log.warn(
        { err: error, pictures: squares.length },
        'the model thread died; trying each picture again',
      )
    }
    // One of them brought the thread down; by itself it can harm no other.
    const settled: PromiseSettledResult<ModelJobs.ModelResult>[] = []
    for (const square of squares)
      settled.push(...(await Promise.allSettled([run([square]).then(([one]) => one!)])))
    return settled
  }

  #retrying<T>(run: () => Promise<T>): Promise<T> {
    return retryOnce(run, (error) =>
      this.#parts.log.warn({ err: error }, 'a thread died; trying its job again'),
    )
  }
}

/** A copy to hand over: the caller keeps its own. */
function own(picture: PictureInput): { input: PictureInput; buffer: ArrayBuffer } {
  if (picture instanceof Uint8Array) {
    const input = ownBytes(picture)
    return { input, buffer: input.buffer }
  }
  const data = ownBytes(picture.data)
  return { input: { ...picture, data }, buffer: data.buffer }
}
