/**
 * What would let readers of a log act as the bot: Slack's tokens and the tickets of its sockets, addresses at which anybody
 * may answer (response_url), and Discord's interaction and webhook tokens, which appear in the URLs of errors.
 */
const secrets = [
  /xox[a-z]-[\w-]+|xapp-[\w-]+|(?<=ticket=)[\w-]+/g,
  /(?<=\\?"(?:client_secret|token|trigger_id)\\?"\s*:\s*\\?")[^"\\]+/g,
  /https?:\/\/hooks\.slack\.com\/[^\s"'\\]+/g,
  /(?<=\/(?:webhooks|interactions)\/\d+\/)[\w.~%-]{20,}/g,
]

/** The text without such secrets, which are not among the settings. */
export const redacted = (text: string): string =>
  secrets.reduce((rest, secret) => rest.replace(secret, '[redacted]'), text)
