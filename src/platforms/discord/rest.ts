import type { ResponseLike, RESTOptions } from 'discord.js'

type Request = RESTOptions['makeRequest']

/** For each attempt; discord.js makes up to three more. */
const timeoutMs = 10_000
/** Discord accepts an acknowledgement for three seconds: waiting longer helps nobody. */
const acknowledgeMs = 2500

const acknowledgement = /\/interactions\/\d+\/[^/]+\/callback/
const followUp = /\/webhooks\/\d+\/[^/?]+(?:\?|$)/

/**
 * For calls that discord.js may repeat, and does: they can be made twice, because a message has a nonce. A follow-up cannot
 * have one, and there is no way to see whether it arrived, so it is sent once.
 *
 * Node's own fetch, not discord.js's request: that hands forms to whichever copy of undici was loaded first in the process,
 * and if it is the one that Slack's sockets bring, no picture can be sent.
 */
async function careful(...[url, init]: Parameters<Request>): Promise<ResponseLike> {
  // discord.js declares the body and the signal as undici's; they are Node's.
  const send = (signal = init.signal) => fetch(url, { ...init, signal } as object)
  if (acknowledgement.test(url)) {
    const signals = [AbortSignal.timeout(acknowledgeMs), ...(init.signal ? [init.signal] : [])]
    return send(AbortSignal.any(signals))
  }
  if (init.method !== 'POST' || !followUp.test(url)) return send().catch(repeatedly)
  const answer = await send().catch((cause: unknown) => {
    throw new Error('no answer came to a follow-up, which is not repeated', { cause })
  })
  if (answer.status < 500) return answer
  throw new Error(`Discord answered a follow-up, which is not repeated, with status ${answer.status}`)
}

/** discord.js repeats calls that were reset or timed out; other broken connections should be treated the same. */
function repeatedly(error: Error): never {
  if (error.name === 'AbortError') throw error
  throw Object.assign(new Error(error.message, { cause: error }), { code: 'ECONNRESET' })
}

export const restOptions: Partial<RESTOptions> = { timeout: timeoutMs, makeRequest: careful }
