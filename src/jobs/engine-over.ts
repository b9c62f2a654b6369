import type { Pack } from '../clip/pack.ts'
import { UserError } from '../errors.ts'
import { handOver, joinRows, ownBytes, rowsOf, shareRows } from '../threads/answer.ts'
import { Line } from '../threads/line.ts'
import { type JobsOf, type Pool, TookTooLong } from '../threads/pool.ts'
import type { VisualizationRequest } from '../visualization/visualize.ts'
import type {
  Analysis,
  Classification,
  ClassifyOptions,
  Engine,
  EngineStatus,
  PictureInput,
  RunOptions,
  Visualization,
} from './engine.ts'
import type * as HelperJobs from './helper.worker.ts'
import type { KeptLabels, LabelRows } from './kept-labels.ts'
import type { DrawOptions, EncodeJob, Model } from './model.ts'
import { Texts } from './texts.ts'

const maxLabels = 5000
/** Lists this long are the pack's own labels, or most of them; a person's few are computed faster than read. */
const manyLabels = 1000
/** Texts in one run of the text model; pictures wait for no more than that. */
const textsAtOnce = 64
/** For what people ask about: 8 MB at 1,024 numbers each. */
const textsKept = 2048
/** Pictures wait as they were sent: no more than this in all, in bytes. */
const maxWaitingBytes = 256 * 2 ** 20
/** The largest picture that is accepted needs a few seconds. */
const decodeWithinMs = 20_000
/** Stopping takes at most five seconds in all: running jobs get this long, then the threads end. */
const finishWithinMs = 3500

export interface EngineParts {
  readonly pack: Pack
  readonly model: Model
  /** Where pictures are decoded. */
  readonly helpers: Pool
  /** Whether the helpers end with the engine. */
  readonly ownsHelpers?: boolean
  /** Where the embeddings of the pack's own labels outlast this process. */
  readonly keptLabels?: KeptLabels
  /** Requests that may wait. */
  readonly queueLimit: number
  /** Told how long a picture waited for its turn, in seconds. */
  readonly onWaited?: (seconds: number) => void
}

/** Decoding on threads of this process, fair lines, and a model wherever it runs, as one engine. */
export async function engineOver(parts: EngineParts): Promise<Engine> {
  const decoding: JobsOf<typeof HelperJobs> = parts.helpers.jobs('src/jobs/helper.worker.ts')
  // Each takes a thread of its own, so that the first picture finds them all ready.
  await Promise.all(
    Array.from({ length: parts.helpers.threads }, () => decoding.run('load', () => undefined)),
  )
  return new LinedEngine(parts, decoding)
}

class LinedEngine implements Engine {
  readonly #parts: EngineParts
  readonly #decoding: JobsOf<typeof HelperJobs>
  /** Lets in as many as the model takes, plus enough to keep the helpers busy; the rest wait for their fair turn. */
  readonly #line: Line
  readonly #drawings: Line
  readonly #texts: Texts
  /** Whether #texts has the pack's own labels. */
  #loaded = false
  /** The labels' embeddings, for as long as somebody keeps the list: every picture is compared with a pack's thousands. */
  readonly #shared = new WeakMap<readonly string[], LabelRows>()

  constructor(parts: EngineParts, decoding: JobsOf<typeof HelperJobs>) {
    this.#parts = parts
    this.#decoding = decoding
    const { pack, model, helpers, queueLimit } = parts
    this.#line = new Line({
      get atOnce() {
        return model.atOnce + helpers.threads
      },
      limit: queueLimit,
      byteLimit: maxWaitingBytes,
    })
    this.#drawings = new Line({
      get atOnce() {
        return model.drawingsAtOnce
      },
      limit: queueLimit,
    })
    this.#texts = new Texts(Math.ceil(textsAtOnce / pack.facts.prompts.length), textsKept)
  }

  async analyse(picture: PictureInput, options: RunOptions = {}): Promise<Analysis> {
    return this.#run(picture, options)
  }

  async classify(
    picture: PictureInput,
    labels: readonly string[],
    { explain, ...options }: ClassifyOptions = {},
  ): Promise<Classification> {
    if (labels.length === 0 || labels.length > maxLabels)
      throw new UserError('bad-option', 'chat.labels', { values: { most: maxLabels, given: labels.length } })
    // If one half fails, the other half's work is not wanted any more.
    const failed = new AbortController()
    const signal = AbortSignal.any([failed.signal, ...(options.signal ? [options.signal] : [])])
    const [{ evidence, ...analysis }, texts] = await Promise.all([
      this.#run(picture, { ...options, signal }, { evidence: explain !== undefined }),
      this.#rowsOf(labels, { ...options, signal }),
    ]).catch((error: unknown) => {
      failed.abort()
      throw error
    })
    const { logitScale } = this.#parts.pack.facts
    const { probabilities, similarities } = await this.#decoding.run('fit', () => ({
      picture: analysis.embedding,
      texts,
      logitScale,
    }))
    const scores = labels.map((label, i) => ({
      label,
      probability: probabilities[i]!,
      similarity: similarities[i]!,
    }))
    const explained = explain?.(scores) ?? []
    if (explained.length === 0) return { ...analysis, scores }
    const job = {
      embedding: analysis.embedding,
      texts: joinRows(await this.#embed(explained, options)),
      ...(evidence && { evidence }),
    }
    const shares = await this.#parts.model.explain(job, options)
    return { ...analysis, scores, ...(shares && { shares: rowsOf(shares, analysis.strengths.length) }) }
  }

  async loadLabels(labels: readonly string[], options: RunOptions = {}): Promise<void> {
    await this.#rowsOf(labels, options)
  }

  visualize(request: VisualizationRequest, options: RunOptions & DrawOptions = {}): Promise<Visualization> {
    return this.#drawings.run(() => this.#parts.model.visualize(request, options), options)
  }

  status(): EngineStatus {
    const lines = [this.#line, this.#drawings]
    return {
      ...this.#parts.model.status(),
      waiting: lines.reduce((sum, { waiting }) => sum + waiting, 0),
      running: lines.reduce((sum, { running }) => sum + running, 0),
    }
  }

  ready(): Promise<boolean> {
    return this.#parts.model.ready()
  }

  async close(): Promise<void> {
    await Promise.all([this.#line.close(finishWithinMs), this.#drawings.close(finishWithinMs)])
    await this.#parts.model.close(0)
    if (this.#parts.ownsHelpers) await this.#parts.helpers.close()
  }

  #run(picture: PictureInput, options: RunOptions, wanted: Pick<EncodeJob, 'evidence'> = {}) {
    const bytes = picture instanceof Uint8Array ? picture.length : picture.data.length
    const since = performance.now()
    return this.#line.run(
      async () => {
        this.#parts.onWaited?.((performance.now() - since) / 1000)
        const { square, ...decoded } = await this.#decode(picture, options)
        const job = {
          square,
          ...(options.maps && { maps: options.maps }),
          ...wanted,
        }
        return { ...decoded, ...(await this.#parts.model.encode(job, options)) }
      },
      { ...options, bytes },
    )
  }

  async #rowsOf(labels: readonly string[], options: RunOptions): Promise<LabelRows> {
    const known = this.#shared.get(labels)
    if (known) return known
    if (labels.length >= manyLabels) await this.#loadKept(options)
    const rows = shareRows(await this.#embed(labels, options))
    this.#shared.set(labels, rows)
    return rows
  }

  async #loadKept(options: RunOptions): Promise<void> {
    const { keptLabels, pack } = this.#parts
    if (!keptLabels || this.#loaded) return
    const rows = await keptLabels.rows(() => this.#embed(keptLabels.labels, options))
    this.#texts.keep(keptLabels.labels, rowsOf(rows, pack.facts.dimensions))
    this.#loaded = true
  }

  #embed(words: readonly string[], { signal, requester }: RunOptions): Promise<Float32Array[]> {
    const options = { ...(signal && { signal }), ...(requester && { requester }) }
    return this.#texts.embed(words, (part) =>
      this.#line.run(() => this.#parts.model.embedWords(part, options), options),
    )
  }

  /** The picture is copied for its thread only when that is free: copying many at once would hold up the event loop. */
  async #decode(picture: PictureInput, { requester }: RunOptions) {
    const { side } = this.#parts.pack.facts.picture
    const options = { deadlineMs: decodeWithinMs, ...(requester && { requester }) }
    try {
      return await this.#decoding.run(
        'decode',
        () => {
          const copy = copyOf(picture)
          const { buffer } = copy instanceof Uint8Array ? copy : copy.data
          return handOver({ picture: copy, side }, [buffer])
        },
        options,
      )
    } catch (cause) {
      if (!(cause instanceof TookTooLong)) throw cause
      throw new UserError('bad-picture', 'picture.slow', { cause })
    }
  }
}

/** A copy to hand over: the caller keeps its own. */
const copyOf = (picture: PictureInput) =>
  picture instanceof Uint8Array ? ownBytes(picture) : { ...picture, data: ownBytes(picture.data) }
