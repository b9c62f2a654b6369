import { webApi } from '@slack/bolt'

/** The code of an error that Slack answered with ("not_in_channel"); undefined for any other failure. */
export const errorCode = (error: unknown): string | undefined =>
  error instanceof webApi.WebAPIPlatformError ? error.data.error : undefined

/** The channel is there for the person, but not for us. A direct message of others is not found at all. */
export const isUninvited = (error: unknown): boolean =>
  ['not_in_channel', 'channel_not_found'].includes(errorCode(error) ?? '')
