import pRetry, { AbortError } from 'p-retry'
import { UserError } from '../../errors.ts'
import { decodeResponse, encodeRequest, headLengthHeader, type ServerTensor } from './tensors.ts'

/** The largest CLIP takes a tenth of this on a GPU; a server that needs longer counts as down. */
const timeoutMs = 10_000
/** For broken connections and overloaded servers. A run has no side effects, so it can be repeated. */
const retries = 2
const firstPauseMs = 100
/** Statuses worth a retry: 429 and 503, and 502 and 504, with which a proxy says the same. */
const passing = new Set([429, 502, 503, 504])

/** The server rejects the request; trying again would not help. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

interface RequestParts {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Record<string, string>
  readonly body?: Uint8Array<ArrayBuffer>
}

/**
 * A client for the Open Inference Protocol v2 over HTTP, which NVIDIA Triton, KServe and OpenVINO Model Server speak.
 * Tensors travel as bytes if the server accepts them, else as JSON.
 * @see https://github.com/kserve/open-inference-protocol
 */
export class ModelServer {
  readonly #url: string
  /**
   * Whether the server accepts tensors as bytes. Found out by the first run, because KServe does without listing the
   * extension, and MLServer doesn't.
   */
  #binary: boolean | undefined

  /** @param url of the server, such as http://127.0.0.1:8000 */
  constructor(url: string) {
    this.#url = url.replace(/\/+$/, '')
  }

  /**
   * @throws UserError 'busy' if the server does not answer in time; Refused if it does not hold the model, or holds it
   * and cannot run it yet.
   */
  async mustHold(model: string): Promise<void> {
    await this.#request(`v2/models/${model}/ready`)
  }

  /**
   * Runs a model once.
   * @returns the wanted outputs by name.
   * @throws UserError 'busy' if the server does not answer in time or is overloaded, after some tries; Refused if it
   * does not take the request.
   */
  async infer(
    model: string,
    inputs: readonly ServerTensor[],
    outputs: readonly string[],
  ): Promise<Map<string, ServerTensor>> {
    const attempt = async (binary: boolean) => {
      const { headers, body } = await this.#request(`v2/models/${model}/infer`, {
        method: 'POST',
        ...encodeRequest(inputs, outputs, binary),
      })
      this.#binary = binary
      const tensors = decodeResponse(body, headers.get(headLengthHeader))
      return new Map(tensors.map((tensor) => [tensor.name, tensor]))
    }
    if (this.#binary !== undefined) return attempt(this.#binary)
    return attempt(true).catch((error: unknown) => {
      if (error instanceof Refused) return attempt(false)
      throw error
    })
  }

  async #request(path: string, parts: RequestParts = {}) {
    const attempt = async () => {
      const signal = AbortSignal.timeout(timeoutMs)
      const answer = await fetch(`${this.#url}/${path}`, { ...parts, signal })
      const body = new Uint8Array(await answer.arrayBuffer())
      if (answer.ok) return { headers: answer.headers, body }
      const words = Buffer.from(body).toString('utf8').slice(0, 200)
      const said = `the model server answered ${answer.status} to ${path}: ${words}`
      throw passing.has(answer.status) ? new Error(said) : new AbortError(new Refused(said))
    }
    try {
      return await pRetry(attempt, { retries: retries, minTimeout: firstPauseMs })
    } catch (cause) {
      if (cause instanceof Refused) throw cause
      throw new UserError('busy', 'chat.workers.noServer', { cause })
    }
  }
}
