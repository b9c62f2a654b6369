import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import type { Pack } from '../clip/pack.ts'
import { handOver } from '../threads/answer.ts'
import type { Gate } from '../threads/gate.ts'
import { type JobsOf, Pool, type PoolOptions } from '../threads/pool.ts'
import type { LocalProvider, Visualization } from './engine.ts'
import type { VisualizationProgress, VisualizationRequest } from '../visualization/visualize.ts'
import type { DrawOptions } from './model.ts'
import type * as VisualizationJobs from './visualization.worker.ts'

/** On Unix's scale of 0 to 19: pictures that people wait for get most of a processor that both compete for. */
const niceness = 10

interface VisualizationThreadOptions extends Required<Pick<PoolOptions, 'onDeath'>> {
  readonly pack: Pack
  /** The same as for the model. */
  readonly threads: number
  /** Shut while pictures wait. */
  readonly gate: Gate
}

/** Draws what units look for, one picture at a time, on a thread of its own that starts with the first one. */
export class VisualizationThread {
  readonly #pool: Pool
  readonly #jobs: JobsOf<typeof VisualizationJobs>

  constructor({ pack, threads, gate, ...rest }: VisualizationThreadOptions) {
    const data: VisualizationJobs.VisualizationData = { pack, threads, gate: gate.memory }
    this.#pool = new Pool({ ...rest, threads: 1, data, nice: niceness })
    this.#jobs = this.#pool.jobs('src/jobs/visualization.worker.ts')
  }

  async visualize(
    request: VisualizationRequest,
    provider: LocalProvider,
    { onProgress, ...options }: DrawOptions,
  ): Promise<Visualization> {
    let ours: MessagePort | undefined
    const make = () => {
      const { port1, port2 } = new MessageChannel()
      ours?.close()
      ours = port1.on('message', (progress: VisualizationProgress) => onProgress?.(progress))
      return handOver({ request, provider, port: port2 }, [port2])
    }
    try {
      return { ...(await this.#jobs.run('visualize', make, options)), provider }
    } finally {
      // The result arrives on a different channel from the progress, and may overtake the last report.
      let last = ours && receiveMessageOnPort(ours)
      while (last) {
        onProgress?.(last.message as VisualizationProgress)
        last = receiveMessageOnPort(ours!)
      }
      // If the job was cancelled, this stops it.
      ours?.close()
    }
  }

  /** @param withinMs how long a running job has to finish before it is cancelled */
  async close(withinMs: number): Promise<void> {
    await this.#pool.line.close(withinMs)
    await this.#pool.close()
  }
}
