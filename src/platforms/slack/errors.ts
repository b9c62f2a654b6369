import { webApi } from '@slack/bolt'
import { UserError } from '../../errors.ts'
import type { Key } from '../../language.ts'

/** The code of an error that Slack answered with ("not_in_channel"); undefined for any other failure. */
export const errorCode = (error: unknown): string | undefined =>
  error instanceof webApi.WebAPIPlatformError ? error.data.error : undefined

/** "Some aspect of the operation may have succeeded": Slack's own words for these. */
const leaveItOpen = new Set(['fatal_error', 'internal_error', 'request_timeout', 'service_unavailable'])

/** Whether the call may have succeeded all the same: there was no response, or an inconclusive one. */
export function isUncertain(error: unknown): boolean {
  const code = errorCode(error)
  return code === undefined ? !(error instanceof UserError) : leaveItOpen.has(code)
}

const noToken = 'platform.slack.noToken'
const closed = 'platform.slack.closed'
const invite = 'platform.slack.invite'
const reinstall = 'platform.slack.reinstall'

/** Errors that last until somebody does something about them, with what to do. */
const standing: Readonly<Record<string, readonly ['not-found' | 'not-allowed', Key]>> = {
  channel_not_found: ['not-found', 'platform.slack.noChannel'],
  is_archived: ['not-found', 'platform.slack.archived'],
  not_in_channel: ['not-allowed', invite],
  restricted_action: ['not-allowed', closed],
  restricted_action_read_only_channel: ['not-allowed', closed],
  restricted_action_thread_only_channel: ['not-allowed', closed],
  restricted_action_non_threadable_channel: ['not-allowed', closed],
  restricted_action_thread_locked: ['not-allowed', closed],
  no_permission: ['not-allowed', closed],
  missing_scope: ['not-allowed', reinstall],
  team_access_not_granted: ['not-allowed', reinstall],
  access_denied: ['not-allowed', reinstall],
  account_inactive: ['not-allowed', noToken],
  invalid_auth: ['not-allowed', noToken],
  not_authed: ['not-allowed', noToken],
  token_expired: ['not-allowed', noToken],
  token_revoked: ['not-allowed', noToken],
}

/** A UserError for what Slack refuses for good; any other error unchanged. */
export function told(error: unknown): unknown {
  const [code, key] = standing[errorCode(error) ?? ''] ?? []
  return code && key ? new UserError(code, key, { cause: error }) : error
}

/** We may not read the history. */
export const mayNotLook = (error: unknown): boolean => (errorCode(error) ?? '') in standing

/** The person can see the channel, but the bot can't. Other people's direct messages are not found at all. */
export const isUninvited = (error: unknown): boolean =>
  ['not_in_channel', 'channel_not_found'].includes(errorCode(error) ?? '')

/** The message was deleted, or is too old to be edited. */
export const isGone = (error: unknown): boolean =>
  ['message_not_found', 'cant_update_message', 'edit_window_closed'].includes(errorCode(error) ?? '')
