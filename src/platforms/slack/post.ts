import type { webApi } from '@slack/bolt'
import type { KnownBlock } from '@slack/types'
import { isUncertain, mayNotLook } from './errors.ts'

/** Marks our messages, so that they can be found again. */
const eventType = 'neuron_games_post'
const lookedAt = 100

export interface Message {
  readonly channel: string
  readonly text: string
  readonly blocks: KnownBlock[]
  readonly thread_ts?: string
}

export interface Posted {
  readonly channel: string
  readonly ts: string
}

/**
 * Posts a message once. If the response is lost, it looks for the message, because a blind retry could post it twice.
 * @param key names the message, so that it can be found
 * @param tries attempts at most; another is made only if the message of the last one cannot be found
 * @throws the error that left it open, if the message cannot be found
 */
export async function postMessage(
  client: webApi.WebClient,
  message: Message,
  key: string,
  tries = 1,
): Promise<Posted> {
  const metadata = { event_type: eventType, event_payload: { key } }
  try {
    const { channel, ts } = await client.chat.postMessage({ ...message, metadata })
    return { channel: channel ?? message.channel, ts: ts ?? '' }
  } catch (error) {
    if (!isUncertain(error)) throw error
    // If looking fails as well, the first error says more.
    const found = await findMessage(client, message, key).catch(() => 'cannot-look' as const)
    if (typeof found === 'object') return found
    if (found === 'cannot-look' || tries <= 1) throw error
    return postMessage(client, message, key, tries - 1)
  }
}

/** Looks for one of our messages among the latest of a channel, or of a thread in it. */
export async function findMessage(
  client: webApi.WebClient,
  { channel, thread_ts: thread }: Pick<Message, 'channel' | 'thread_ts'>,
  key: string,
): Promise<Posted | undefined | 'cannot-look'> {
  const asked = { channel, limit: lookedAt, include_all_metadata: true }
  try {
    const { messages = [] } = thread
      ? await client.conversations.replies({ ...asked, ts: thread })
      : await client.conversations.history(asked)
    const own = messages.find(({ metadata }) => {
      const payload: Readonly<Record<string, unknown>> = metadata?.event_payload ?? {}
      return metadata?.event_type === eventType && payload['key'] === key
    })
    return own?.ts ? { channel, ts: own.ts } : undefined
  } catch (error) {
    if (mayNotLook(error)) return 'cannot-look'
    throw error
  }
}
