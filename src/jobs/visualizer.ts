import { MessageChannel } from 'node:worker_threads'
import type { Pack } from '../clip/pack.ts'
import { Crew } from './crew.ts'
import type { Engine, Visualization, VisualizationProgress, VisualizationRequest } from './engine.ts'
import type { Gate } from './gate.ts'
import { Line } from './line.ts'
import type { Provider } from './provider.ts'
import type * as VisualizationJobs from './visualization.worker.ts'

export type VisualizeOptions = NonNullable<Parameters<Engine['visualize']>[1]>

/** Of Unix's 19: pictures that people wait for get most of a processor that both want. */
const NICE = 10

interface VisualizerOptions {
  readonly pack: Pack
  readonly threads: number
  readonly queueLimit: number
  /** Shut while pictures wait. */
  readonly gate: Gate
  /** Runs a job, and once more where its thread died. */
  readonly retrying: <T>(run: () => Promise<T>) => Promise<T>
}

/** Draws what units look for: one picture at a time, on a thread of its own that starts with the first one. */
export class Visualizer {
  readonly #options: VisualizerOptions
  readonly #line: Line
  readonly #closing = new AbortController()
  #crew: Crew<typeof VisualizationJobs> | undefined

  constructor(options: VisualizerOptions) {
    this.#options = options
    this.#line = new Line({ atOnce: 1, limit: options.queueLimit })
  }

  get line(): Pick<Line, 'waiting' | 'running'> {
    return this.#line
  }

  visualize(
    request: VisualizationRequest,
    provider: Provider,
    { onProgress, ...options }: VisualizeOptions,
  ): Promise<Visualization> {
    const { pack, threads, gate, retrying } = this.#options
    const data: VisualizationJobs.VisualizationData = { pack, threads, gate: gate.memory }
    this.#crew ??= new Crew({ file: 'src/jobs/visualization.worker.ts', threads: 1, data, nice: NICE })
    const crew = this.#crew
    const draw = async (): Promise<Omit<Visualization, 'provider'>> => {
      const { port1, port2 } = new MessageChannel()
      const stop = (): void => port1.postMessage('stop')
      const signal = AbortSignal.any([this.#closing.signal, ...(options.signal ? [options.signal] : [])])
      signal.addEventListener('abort', stop)
      port1.on('message', (progress: VisualizationProgress) => onProgress?.(progress))
      try {
        return await crew.run('visualize', { request, provider, port: port2 }, [port2])
      } finally {
        signal.removeEventListener('abort', stop)
        port1.close()
      }
    }
    return this.#line.run(async () => ({ ...(await retrying(draw)), provider }), options)
  }

  /** @param jobMs how long what runs may go on @param threadMs how long it may then take to stop */
  async close(jobMs: number, threadMs: number): Promise<void> {
    await this.#line.close(jobMs)
    this.#closing.abort()
    await this.#crew?.close(threadMs)
  }
}
