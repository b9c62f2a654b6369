/** What a service says about a token; never contains the token itself. */
export interface TokenCheck {
  /** The setting's name. */
  readonly setting: string
  /** Undefined if the service could not be asked. */
  readonly valid: boolean | undefined
  readonly says: string
}

interface Question {
  readonly setting: string
  readonly url: string
  readonly token: string
  readonly method?: 'GET' | 'POST'
  /** Discord's scheme; by default Bearer. */
  readonly scheme?: 'Bot' | 'Bearer'
  /** @returns whose token it is, or undefined for an invalid one */
  readonly whose: (answer: Record<string, unknown>) => string | undefined
}

export interface TokenSettings {
  readonly DISCORD_TOKEN?: string | undefined
  readonly SLACK_BOT_TOKEN?: string | undefined
  readonly SLACK_APP_TOKEN?: string | undefined
  readonly HF_TOKEN?: string | undefined
  readonly HF_ENDPOINT: string
}

export const services = { discord: 'https://discord.com/api/v10', slack: 'https://slack.com/api' }

const waitMs = 10_000

const text = (value: unknown): string => (typeof value === 'string' ? value : 'a name unknown')

function questionsOf(settings: TokenSettings, { discord, slack } = services): Question[] {
  const { DISCORD_TOKEN, SLACK_BOT_TOKEN, SLACK_APP_TOKEN, HF_TOKEN, HF_ENDPOINT } = settings
  const all: (Omit<Question, 'token'> & { token: string | undefined })[] = [
    {
      setting: 'DISCORD_TOKEN',
      token: DISCORD_TOKEN,
      url: `${discord}/users/@me`,
      scheme: 'Bot',
      whose: ({ username }) => text(username),
    },
    {
      setting: 'SLACK_BOT_TOKEN',
      token: SLACK_BOT_TOKEN,
      url: `${slack}/auth.test`,
      method: 'POST',
      whose: ({ ok, user, team }) => (ok === true ? `${text(user)} in ${text(team)}` : undefined),
    },
    {
      setting: 'SLACK_APP_TOKEN',
      token: SLACK_APP_TOKEN,
      url: `${slack}/apps.connections.open`,
      method: 'POST',
      whose: ({ ok }) => (ok === true ? 'an app that may open sockets' : undefined),
    },
    {
      setting: 'HF_TOKEN',
      token: HF_TOKEN,
      url: `${HF_ENDPOINT.replace(/\/$/, '')}/api/whoami-v2`,
      whose: ({ name }) => text(name),
    },
  ]
  return all.flatMap(({ token, ...question }) => (token ? [{ ...question, token }] : []))
}

/** Asks each service whose token is set whether the token is valid. */
export const checkTokens = (settings: TokenSettings, at = services): Promise<TokenCheck[]> =>
  Promise.all(questionsOf(settings, at).map(ask))

async function ask({
  setting,
  url,
  token,
  method = 'GET',
  scheme = 'Bearer',
  whose,
}: Question): Promise<TokenCheck> {
  const { host } = new URL(url)
  try {
    const headers = { authorization: `${scheme} ${token}` }
    const response = await fetch(url, { method, headers, signal: AbortSignal.timeout(waitMs) })
    const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>
    const owner = response.ok ? whose(answer) : undefined
    if (owner !== undefined) return { setting, valid: true, says: `valid, of ${owner}` }
    if (response.status >= 500 || response.status === 429)
      return { setting, valid: undefined, says: `not checked, for ${host} answers ${response.status}` }
    return { setting, valid: false, says: `${host} does not take it: make a new one there` }
  } catch {
    return { setting, valid: undefined, says: `not checked, for ${host} cannot be reached` }
  }
}
