/**
 * What lets whoever reads a log act as the bot: tokens of Slack and the tickets of its sockets, addresses at which
 * anybody may answer (response_url), and Discord's interaction and webhook tokens, which stand in the URLs of errors.
 */
const secrets = [
  /xox[a-z]-[\w-]+|xapp-[\w-]+|(?<=ticket=)[\w-]+/g,
  /(?<=\\?"(?:client_secret|token|trigger_id)\\?"\s*:\s*\\?")[^"\\]+/g,
  /https?:\/\/hooks\.slack\.com\/[^\s"'\\]+/g,
  /(?<=\/(?:webhooks|interactions)\/\d+\/)[\w.~%-]{20,}/g,
]

/** The text without secrets of these forms, which no setting tells. */
export const redacted = (text: string): string =>
  secrets.reduce((rest, secret) => rest.replace(secret, '[redacted]'), text)
