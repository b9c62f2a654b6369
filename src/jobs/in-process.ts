import type { Logger } from 'pino'
import type { Pack } from '../clip/pack.ts'
import { tookTooLong } from '../pictures/decode.ts'
import type { RawPicture } from '../pictures/picture.ts'
import { UserError } from '../errors.ts'
import { handOver, joinRows, ownBytes, rowsOf } from '../threads/answer.ts'
import { Gate } from '../threads/gate.ts'
import { Line } from '../threads/line.ts'
import { type JobsOf, openHelpers, Pool, ThreadDied, TookTooLong } from '../threads/pool.ts'
import { Batcher } from './batcher.ts'
import type {
  Analysis,
  Classification,
  Engine,
  EngineStatus,
  PictureInput,
  ProviderSetting,
  RunOptions,
  Visualization,
  VisualizationRequest,
} from './engine.ts'
import type * as HelperJobs from './helper.worker.ts'
import type * as ModelJobs from './model.worker.ts'
import { Texts } from './texts.ts'
import { VisualizationThread, type VisualizeOptions } from './visualization-thread.ts'

/** Pictures in one run of the model. Measured on the pocket pack: 8 take 20 % less of the CPU than 8 single runs. */
const MAX_BATCH = 8
const MAX_LABELS = 3000
/** Texts of one run of the text model, so that pictures wait for no more than that. */
const TEXTS_AT_ONCE = 64
/** At 512 numbers each 16 MB. */
const TEXTS_KEPT = 8192
/** What waits is pictures as they were sent: no more of them than this, in bytes. */
const MAX_WAITING_BYTES = 256 * 2 ** 20
/** The largest picture that is taken needs a few seconds. */
const DECODE_WITHIN_MS = 20_000
/** A stop takes at most five seconds in all: this long for what runs, and then this long for its threads. */
const FINISH_WITHIN_MS = 3500
const END_WITHIN_MS = 1000

export interface EngineOptions {
  readonly pack: Pack
  readonly provider: ProviderSetting
  /** Whether this machine has a driver for WebGPU; without one it isn't tried. */
  readonly vulkan?: boolean
  /** Threads of one run of the model on the CPU. */
  readonly threads: number
  /** Where pictures are decoded, shared with others who close it; of the engine's own if left out. */
  readonly helpers?: Pool
  /** Requests that may wait. */
  readonly queueLimit: number
  readonly log: Logger
}

/**
 * The engine in this process: the model on one worker thread, decoding on others. If a thread dies, its requests are
 * tried once more, each by itself.
 * @throws UserError 'bad-pack' if the pack fails its self-test, 'bad-settings' if the provider does not work here.
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { pack, provider, vulkan = true, threads, log } = options
  const onDeath = (error: ThreadDied): void => log.warn({ err: error }, 'a thread died; trying its job again')
  const data: ModelJobs.ModelData = { pack, threads, vulkan }
  const modelPool = new Pool({ threads: 1, data, onDeath })
  const helpers = options.helpers ?? openHelpers({ threads, onDeath })
  const close = async (): Promise<void> => {
    await Promise.all([modelPool.close(END_WITHIN_MS), options.helpers ?? helpers.close(END_WITHIN_MS)])
  }
  const model: Parts['model'] = modelPool.jobs('src/jobs/model.worker.ts')
  const decoding: Parts['decoding'] = helpers.jobs('src/jobs/helper.worker.ts')
  const choosing = model.run('choose', () => provider)
  // Each takes a thread of its own, so that the first picture finds them all ready.
  const loading = Array.from({ length: helpers.threads }, () => decoding.run('load', () => undefined))
  const [chosen] = await Promise.all([choosing, ...loading]).catch(async (error: unknown) => {
    // Ending a thread that is still loading its native library would end the process.
    await Promise.allSettled([choosing, ...loading])
    await close()
    throw error
  })
  for (const { provider, serves, reason } of chosen.reports)
    log.debug({ provider, serves }, `execution provider ${provider}: ${reason}`)
  return new InProcessEngine({ ...options, ...chosen, helpers, model, decoding, onDeath, close })
}

interface Parts
  extends Required<Omit<EngineOptions, 'provider' | 'vulkan'>>, Pick<EngineStatus, 'provider' | 'reports'> {
  readonly model: JobsOf<typeof ModelJobs>
  readonly decoding: JobsOf<typeof HelperJobs>
  readonly onDeath: (error: ThreadDied) => void
  /** Ends the threads. */
  readonly close: () => Promise<void>
}

class InProcessEngine implements Engine {
  readonly #parts: Parts
  /** As many are let in as fill the next batch while one runs, and keep the helpers busy. */
  readonly #line: Line
  readonly #batcher: Batcher<RawPicture, ModelJobs.ModelResult>
  readonly #texts: Texts
  readonly #visualizations: VisualizationThread

  constructor(parts: Parts) {
    this.#parts = parts
    const { pack, threads, helpers, queueLimit, onDeath } = parts
    const gate = new Gate()
    this.#line = new Line({
      atOnce: MAX_BATCH + helpers.threads,
      limit: queueLimit,
      byteLimit: MAX_WAITING_BYTES,
      onChange: () => {
        gate.shut = this.#line.running > 0
      },
    })
    this.#visualizations = new VisualizationThread({ pack, threads, gate, limit: queueLimit, onDeath })
    this.#batcher = new Batcher((squares) => this.#encode(squares), MAX_BATCH)
    this.#texts = new Texts(Math.ceil(TEXTS_AT_ONCE / pack.facts.prompts.length), TEXTS_KEPT)
  }

  analyse(picture: PictureInput, options: RunOptions = {}): Promise<Analysis> {
    const { provider } = this.#parts
    const bytes = picture instanceof Uint8Array ? picture.length : picture.data.length
    return this.#line.run(
      async () => {
        const { square, ...decoded } = await this.#decode(picture, options)
        const result = await this.#batcher.add(square, options.alone ?? false)
        return { ...decoded, ...result, provider }
      },
      { ...options, bytes },
    )
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
    const reasons = kind === 'pool' ? await this.#explain(analysis, texts, { ...options, signal }) : undefined
    const { fits, shares } = await this.#parts.decoding.run('fit', () => {
      const rows = joinRows(texts)
      return handOver({ picture: analysis.embedding, texts: rows, logitScale }, [rows.buffer])
    })
    return {
      ...analysis,
      scores: fits.map(({ probability, similarity }, i) => ({ label: labels[i]!, probability, similarity })),
      ...(kind === 'units' && { shares: rowsOf(shares, analysis.embedding.length) }),
      ...(reasons && { shares: reasons }),
    }
  }

  /** Behind an attention pool: what each unit adds to the likeness to each text. */
  async #explain(
    analysis: Analysis,
    texts: readonly Float32Array[],
    options: RunOptions,
  ): Promise<Float32Array[]> {
    const { model, provider } = this.#parts
    const { map, attention, embedding } = analysis
    const picture = { map, embedding, ...(attention && { attention }) }
    const rows = await this.#line.run(
      () => model.run('explain', () => ({ provider, picture, texts: joinRows(texts) })),
      options,
    )
    return rowsOf(rows, map.channels)
  }

  async embedWords(words: readonly string[], options: RunOptions = {}): Promise<Float32Array[]> {
    const embeddings = await this.#embed(words, options)
    return embeddings.map((embedding) => embedding.slice())
  }

  visualize(request: VisualizationRequest, options: VisualizeOptions = {}): Promise<Visualization> {
    return this.#visualizations.visualize(request, this.#parts.provider, options)
  }

  status(): EngineStatus {
    const { provider, reports } = this.#parts
    const lines = [this.#line, this.#visualizations.line]
    return {
      provider,
      reports,
      waiting: lines.reduce((sum, { waiting }) => sum + waiting, 0),
      running: lines.reduce((sum, { running }) => sum + running, 0),
    }
  }

  async close(): Promise<void> {
    await Promise.all([
      this.#line.close(FINISH_WITHIN_MS),
      this.#visualizations.close(FINISH_WITHIN_MS, END_WITHIN_MS),
    ])
    await this.#parts.close()
  }

  #embed(words: readonly string[], { signal, requester }: RunOptions): Promise<Float32Array[]> {
    const { model, provider } = this.#parts
    const options = { ...(signal && { signal }), ...(requester && { requester }) }
    return this.#texts.embed(words, (part) =>
      this.#line.run(() => model.run('embedWords', () => ({ provider, words: part })), options),
    )
  }

  /** The picture is copied for its thread when that is free: copying many at once would hold up the event loop. */
  async #decode(picture: PictureInput, { requester }: RunOptions) {
    const { decoding, pack } = this.#parts
    const { side } = pack.facts.picture
    const options = { deadlineMs: DECODE_WITHIN_MS, ...(requester && { requester }) }
    try {
      return await decoding.run(
        'decode',
        () => {
          const copy = own(picture)
          const { buffer } = copy instanceof Uint8Array ? copy : copy.data
          return handOver({ picture: copy, side }, [buffer])
        },
        options,
      )
    } catch (cause) {
      if (!(cause instanceof TookTooLong)) throw cause
      throw new UserError('bad-picture', tookTooLong, { cause })
    }
  }

  async #encode(squares: readonly RawPicture[]): Promise<PromiseSettledResult<ModelJobs.ModelResult>[]> {
    const { model, provider } = this.#parts
    const run = (some: readonly RawPicture[]) =>
      model.run('encodePictures', () => ({ provider, squares: some }), { once: true })
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
}

/** A copy to hand over: the caller keeps its own. */
const own = (picture: PictureInput) =>
  picture instanceof Uint8Array ? ownBytes(picture) : { ...picture, data: ownBytes(picture.data) }
