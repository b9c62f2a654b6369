import { setImmediate } from 'node:timers/promises'
import { type MessagePort, workerData } from 'node:worker_threads'
import type { Pack } from '../clip/pack.ts'
import { createVisualizer, type Visualizer } from '../visualization/visualize.ts'
import type { LocalProvider } from './engine.ts'
import type { VisualizationRequest } from '../visualization/visualize.ts'
import { Gate } from '../threads/gate.ts'
import { answer } from '../threads/answer.ts'

/** A step is taken at least this often, however many pictures wait. */
const stepAtLeastEveryMs = 250

export interface VisualizationData {
  readonly pack: Pack
  readonly threads: number
  /** Memory of the gate that is shut while pictures wait. */
  readonly gate: SharedArrayBuffer
}

export interface VisualizationJob {
  readonly request: VisualizationRequest
  readonly provider: LocalProvider
  /** Progress is sent through it; the job stops when the other end closes. */
  readonly port: MessagePort
}

const { pack, threads, gate: memory } = workerData as VisualizationData
const gate = new Gate(memory)

/** This thread's one visualizer: what is loaded for the first picture is reused for the next ones. */
let visualizer: Visualizer | undefined

export const visualize = ({ request, provider, port }: VisualizationJob) =>
  answer(async () => {
    const stop = new AbortController()
    port.once('close', () => stop.abort())
    try {
      visualizer ??= await createVisualizer(pack, { provider, threads })
      return await visualizer.visualize(request, {
        signal: stop.signal,
        onProgress: (progress) => port.postMessage(progress),
        async beforeStep() {
          gate.pass(stepAtLeastEveryMs)
          // A turn of the event loop, so that the port's closing can arrive.
          await setImmediate()
        },
      })
    } finally {
      port.close()
    }
  })
