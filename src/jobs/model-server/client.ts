import pRetry, { AbortError } from 'p-retry'
import { z } from 'zod'
import { UserError } from '../../errors.ts'
import { decodeResponse, encodeRequest, HEAD_LENGTH, type ServerTensor } from './tensors.ts'

/** A run of the largest CLIP takes a tenth of this on a GPU; a server that needs longer is not serving. */
const TIMEOUT_MS = 10_000
/** For a connection that breaks and for a server that says it is overloaded; a run may be repeated, it has no effect. */
const RETRIES = 2
const FIRST_PAUSE_MS = 100
/** 429 and 503: come again. 502 and 504 are a proxy's words for the same. */
const passing = new Set([429, 502, 503, 504])

const serverSchema = z.object({ name: z.string(), version: z.string().default('') })
const tensorSchema = z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.number()) })
const modelSchema = z.object({
  name: z.string(),
  inputs: z.array(tensorSchema),
  outputs: z.array(tensorSchema),
})

export type ServerFacts = z.infer<typeof serverSchema>
export type ModelFacts = z.infer<typeof modelSchema>

interface RequestOptions {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Record<string, string>
  readonly body?: Uint8Array<ArrayBuffer>
  readonly signal?: AbortSignal
}

/**
 * A client of the Open Inference Protocol v2 over HTTP, as NVIDIA Triton, KServe and OpenVINO Model Server speak it.
 * Tensors travel as bytes if the server has the binary extension, else as JSON.
 * @see https://github.com/kserve/open-inference-protocol
 */
export class ModelServer {
  readonly #url: string
  /**
   * Whether it takes tensors as bytes; found out by the first run, because KServe does and does not list the
   * extension, and MLServer does not.
   */
  #binary: boolean | undefined

  /** @param url of the server, such as http://127.0.0.1:8000 */
  constructor(url: string) {
    this.#url = url.replace(/\/+$/, '')
  }

  async facts(): Promise<ServerFacts> {
    return serverSchema.parse(await this.#json('v2'))
  }

  /** What a model takes and gives. @throws UserError 'bad-settings' where the server does not hold it. */
  async model(name: string): Promise<ModelFacts> {
    return modelSchema.parse(await this.#json(`v2/models/${encodeURIComponent(name)}`))
  }

  /** Whether the server and its models can take requests now; never throws. */
  async ready(models: readonly string[]): Promise<boolean> {
    const paths = ['v2/health/ready', ...models.map((name) => `v2/models/${encodeURIComponent(name)}/ready`)]
    const answers = await Promise.allSettled(
      paths.map((path) => fetch(`${this.#url}/${path}`, { signal: AbortSignal.timeout(TIMEOUT_MS) })),
    )
    return answers.every((answer) => answer.status === 'fulfilled' && answer.value.ok)
  }

  /**
   * Runs a model once.
   * @returns the wanted outputs by name.
   * @throws UserError 'busy' where the server does not answer in time or is overloaded, after some tries;
   * 'bad-settings' where it refuses the request.
   */
  async infer(
    model: string,
    inputs: readonly ServerTensor[],
    outputs: readonly string[],
    signal?: AbortSignal,
  ): Promise<Map<string, ServerTensor>> {
    const attempt = async (binary: boolean) => {
      const response = await this.#request(`v2/models/${encodeURIComponent(model)}/infer`, {
        method: 'POST',
        ...encodeRequest(inputs, outputs, binary),
        ...(signal && { signal }),
      })
      this.#binary = binary
      const tensors = decodeResponse(response.body, response.headers.get(HEAD_LENGTH))
      return new Map(tensors.map((tensor) => [tensor.name, tensor]))
    }
    if (this.#binary !== undefined) return attempt(this.#binary)
    return attempt(true).catch((error: unknown) => {
      if (error instanceof UserError && error.code === 'bad-settings') return attempt(false)
      throw error
    })
  }

  async #json(path: string): Promise<unknown> {
    const { body } = await this.#request(path, {})
    return JSON.parse(Buffer.from(body).toString('utf8'))
  }

  async #request(path: string, { signal, ...init }: RequestOptions) {
    const attempt = async () => {
      const timeout = AbortSignal.timeout(TIMEOUT_MS)
      const answer = await fetch(`${this.#url}/${path}`, {
        ...init,
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      })
      const body = new Uint8Array(await answer.arrayBuffer())
      if (answer.ok) return { headers: answer.headers, body }
      const said = `the model server answered ${answer.status} to ${path}: ${Buffer.from(body).toString('utf8').slice(0, 200)}`
      if (passing.has(answer.status)) throw new Error(said)
      throw new AbortError(
        new UserError(
          'bad-settings',
          `The model server does not serve this pack: ${said}. Export the pack again.`,
        ),
      )
    }
    try {
      return await pRetry(attempt, {
        retries: RETRIES,
        minTimeout: FIRST_PAUSE_MS,
        ...(signal && { signal }),
      })
    } catch (cause) {
      if (cause instanceof UserError) throw cause
      if (signal?.aborted)
        throw new UserError('cancelled', 'This was cancelled before it was finished.', { cause })
      throw new UserError('busy', 'The model server does not answer; please try again in a minute.', {
        cause,
      })
    }
  }
}
