import { webApi } from '@slack/bolt'
import { UserError, type Sentence } from '../../errors.ts'

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

const noToken =
  'Slack no longer takes my token: an admin of this workspace has to install me again, or correct SLACK_BOT_TOKEN.'
const closed =
  'Only some people may post in this channel, and I am not one of them: an admin can let me, or choose another channel.'
const invite = 'I may not post in that channel: please invite me there (/invite).'
const reinstall =
  'I lack a permission in this workspace: an admin has to install me again, with the scopes of the manifest.'

/** Errors that last until somebody does something about them, with what to do. */
const standing: Readonly<Record<string, readonly ['not-found' | 'not-allowed', string]>> = {
  channel_not_found: ['not-found', 'The channel is gone, or I was never invited there.'],
  is_archived: ['not-found', 'This channel is archived: please unarchive it, or choose another one.'],
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
  const [code, sentence] = standing[errorCode(error) ?? ''] ?? []
  return code && sentence ? new UserError(code, sentence as Sentence, { cause: error }) : error
}

/** We may not read the history. */
export const mayNotLook = (error: unknown): boolean => (errorCode(error) ?? '') in standing

/** The person can see the channel, but the bot can't. Other people's direct messages are not found at all. */
export const isUninvited = (error: unknown): boolean =>
  ['not_in_channel', 'channel_not_found'].includes(errorCode(error) ?? '')

/** The message was deleted, or is too old to be edited. */
export const isGone = (error: unknown): boolean =>
  ['message_not_found', 'cant_update_message', 'edit_window_closed'].includes(errorCode(error) ?? '')
