import { z } from 'zod'
import type { App } from '@slack/bolt'
import type { Logger } from 'pino'
import type { RecordKind, Store } from '../../store/store.ts'

/** An event that was received, under its id. Slack delivers it up to three more times, the last one an hour later. */
export const taken = {
  name: 'slack-event',
  version: 1,
  lives: 2 * 60 * 60_000,
  schema: z.object({}),
} satisfies RecordKind<object>

type Middleware = Parameters<App['use']>[0]

/**
 * Lets each event through once, whichever process receives it again: Slack repeats events whose acknowledgement was late,
 * and a signed request can be replayed.
 */
export const once =
  (store: Store, log: Logger): Middleware =>
  async ({ body, context, next, ...args }) => {
    const { event_id: event, trigger_id: trigger } = body as { event_id?: string; trigger_id?: string }
    const id = event ?? trigger
    const scope = { platform: 'slack', community: context.teamId ?? '' }
    if (id === undefined || (await store.insertIfAbsent(taken, scope, [id], {}))) return next()
    log.info({ id, retry: context.retryNum }, 'slack: an event came again')
    if ('ack' in args) await (args as { ack: () => Promise<void> }).ack()
  }
