import { DefaultRestOptions, type RESTOptions } from 'discord.js'

type Request = RESTOptions['makeRequest']

/** For each try; discord.js makes up to three more. */
const timeoutMs = 10_000
/** Discord takes an acknowledgement for three seconds: what comes of a longer wait helps nobody. */
const acknowledgeMs = 2500

const acknowledgement = /\/interactions\/\d+\/[^/]+\/callback/
const followUp = /\/webhooks\/\d+\/[^/?]+(?:\?|$)/

/**
 * Calls that discord.js may repeat, and does: each can be made twice, for a message bears a nonce. A follow-up
 * knows no nonce, and what became of it cannot be seen: it is sent once.
 */
export const careful =
  (send: Request = DefaultRestOptions.makeRequest): Request =>
  async (url, init) => {
    if (acknowledgement.test(url)) {
      const signals = [AbortSignal.timeout(acknowledgeMs), ...(init.signal ? [init.signal] : [])]
      return send(url, { ...init, signal: AbortSignal.any(signals) })
    }
    if (init.method !== 'POST' || !followUp.test(url)) return send(url, init).catch(repeatedly)
    const answer = await send(url, init).catch((cause: unknown) => {
      throw new Error('no answer came to a follow-up, which is not repeated', { cause })
    })
    if (answer.status < 500) return answer
    throw new Error(`Discord answered a follow-up, which is not repeated, with status ${answer.status}`)
  }

/** discord.js repeats calls that were reset or took too long; a connection that broke off otherwise is the same. */
function repeatedly(error: Error): never {
  if (error.name === 'AbortError') throw error
  throw Object.assign(new Error(error.message, { cause: error }), { code: 'ECONNRESET' })
}

export const restOptions: Partial<RESTOptions> = { timeout: timeoutMs, makeRequest: careful() }
