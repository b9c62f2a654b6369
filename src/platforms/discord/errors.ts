import { DiscordAPIError, RESTJSONErrorCodes } from 'discord.js'

/** The message that was to be changed was deleted. */
export const isGone = (error: unknown): boolean =>
  error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.UnknownMessage
