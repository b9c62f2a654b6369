import { setImmediate } from 'node:timers/promises'
import { type MessagePort, workerData } from 'node:worker_threads'
import type { Pack } from '../clip/pack.ts'
import type { Visualization, VisualizationProgress, VisualizationRequest } from './engine.ts'
import { Gate } from './gate.ts'
import type { Provider } from './provider.ts'
import { answer } from './thread-answer.ts'

/** However many pictures wait, a step is taken this often. */
const STEP_AT_LEAST_EVERY_MS = 250

export interface VisualizationData {
  readonly pack: Pack
  readonly threads: number
  /** Of the gate that is shut while pictures wait. */
  readonly gate: SharedArrayBuffer
}

export interface VisualizationJob {
  readonly request: VisualizationRequest
  readonly provider: Provider
  /** Progress goes out through it; any message that comes in stops the job. */
  readonly port: MessagePort
}

/** What src/visualization/render.ts has to export as `render`. */
type Render = (
  pack: Pack,
  request: VisualizationRequest,
  options: {
    readonly provider: Provider
    readonly threads: number
    readonly signal: AbortSignal
    readonly onProgress: (progress: VisualizationProgress) => void
    /** Awaited before each step: others may be more urgent. */
    readonly beforeStep: () => Promise<void>
  },
) => Promise<Omit<Visualization, 'provider'>>

const { pack, threads, gate: memory } = workerData as VisualizationData
const gate = new Gate(memory)

async function findRender(): Promise<Render> {
  const notSupported = 'This version cannot visualise units'
  const file = new URL('../visualization/render.js', import.meta.url).href
  const { render }: { render?: Render } = await import(file).catch((cause: unknown) => {
    throw new Error(notSupported, { cause })
  })
  if (!render) throw new Error(notSupported)
  return render
}

export const visualize = ({ request, provider, port }: VisualizationJob) =>
  answer(
    async () => {
      const render = await findRender()
      const stop = new AbortController()
      port.once('message', () => stop.abort())
      try {
        return await render(pack, request, {
          provider,
          threads,
          signal: stop.signal,
          onProgress: (progress) => port.postMessage(progress),
          async beforeStep() {
            gate.pass(STEP_AT_LEAST_EVERY_MS)
            // Lets the message in that stops the job.
            await setImmediate()
          },
        })
      } finally {
        port.close()
      }
    },
    () => [],
  )
