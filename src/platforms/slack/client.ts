import { setTimeout as wait } from 'node:timers/promises'
import type { webApi } from '@slack/bolt'
import type { Logger } from 'pino'
import { boltLog } from './log.ts'

type Fetch = webApi.FetchFunction

const timeoutMs = 10_000
const tries = 3
/** Pause between two attempts if Slack doesn't say how long to wait, and the longest that we wait if it does. */
const pauseMs = 500
const longestPauseMs = 30_000

/** Calls that can be made twice: they change nothing, or set something to the same value again. */
const repeatable = new Set([
  'apps.connections.open',
  'auth.test',
  'chat.update',
  'conversations.history',
  'conversations.info',
  'conversations.open',
  'conversations.replies',
  'files.getUploadURLExternal',
  'files.info',
  'users.info',
  'views.publish',
])

/**
 * A call to Slack that takes at most ten seconds. It is repeated only if that cannot have an effect twice: after a rate
 * limit, or if it is idempotent. The client's own retries make no such distinction, and post a message again if the
 * response was lost.
 */
export const careful =
  (send: Fetch = fetch, within = timeoutMs): Fetch =>
  async (url, init) => {
    const harmless = repeatable.has(new URL(url).pathname.split('/').at(-1) ?? '')
    for (let left = tries - 1; ; left -= 1) {
      const answer = await attempt(() => send(url, { ...init, signal: AbortSignal.timeout(within) }), {
        mayFail: harmless && left > 0,
      })
      const limited = answer?.status === 429
      const failed = !answer || answer.status >= 500
      if (answer && (left === 0 || !(limited || (failed && harmless)))) return answer
      const asked = limited ? Number(answer.headers.get('retry-after') ?? 0) * 1000 : 0
      await wait(Math.min(Math.max(asked, pauseMs), longestPauseMs))
    }
  }

async function attempt<T>(send: () => Promise<T>, { mayFail }: { mayFail: boolean }): Promise<T | undefined> {
  try {
    return await send()
  } catch (error) {
    if (mayFail) return undefined
    throw error
  }
}

/** Options for every Slack client. */
export const clientOptions = (log: Logger, apiUrl: string | undefined): webApi.WebClientOptions => ({
  logger: boltLog(log),
  fetch: careful(),
  retryConfig: { retries: 0 },
  ...(apiUrl ? { slackApiUrl: apiUrl } : {}),
})
