import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { z } from 'zod'
import { ownerError } from './errors.ts'

const text = z.string().trim().min(1)
const integer = (min: number, max: number) => z.coerce.number().int().min(min).max(max)

/** Every setting, by the name of its environment variable. README.md says what each one does. */
const schema = z.object({
  MODEL_PACK: text.optional(),
  MODELS_FOLDER: text.optional(),
  HF_ENDPOINT: z.url({ protocol: /^https?$/ }).default('https://huggingface.co'),
  HF_TOKEN: text.optional(),
  PROVIDER: z.enum(['auto', 'cuda', 'webgpu', 'cpu']).default('auto'),
  MODEL_SERVER: z
    .url({ protocol: /^https?$/, error: 'write it as http://host:8000' })
    .refine((url) => !URL.canParse(url) || !new URL(url).username, 'write it without a name and password')
    .optional(),
  THREADS: integer(1, 256).default(availableParallelism()),
  QUEUE_LIMIT: integer(1, 100_000).default(256),
  QUEUE_URL: text
    .refine(
      (url) => !url.startsWith('postgres'),
      'PostgreSQL loses answers as a queue: name a Redis, redis://host',
    )
    .refine(
      (url) => /^(rediss?|postgres(ql)?):\/\/./.test(url),
      'write it as redis://user:password@host:port',
    )
    .optional(),
  STORE_URL: text.default('sqlite://data/neuron-games.db'),
  PLAYGROUND: z.enum(['on', 'off']).default('on'),
  HOST: text.default('127.0.0.1'),
  PORT: integer(0, 65_535).default(4242),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'write it like https://play.example.org' })
    .transform((url) => new URL(url))
    .optional(),
  METRICS_HOST: text.default('127.0.0.1'),
  METRICS_PORT: integer(0, 65_535).optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  COOLDOWN_PERSON: integer(1, 10_000).default(20),
  COOLDOWN_COMMUNITY: integer(1, 100_000).default(120),
  DISCORD_TOKEN: text.optional(),
  DISCORD_GUILD: text.optional(),
  DISCORD_PUBLIC_KEY: text.optional(),
  DISCORD_HOST: text.default('127.0.0.1'),
  DISCORD_PORT: integer(0, 65_535).default(4244),
  SHARDS: z
    .string()
    .regex(/^(auto|\d+(,\d+)*)$/, 'write auto, or numbers like 0,1,2')
    .default('auto'),
  SHARD_COUNT: integer(1, 100_000).optional(),
  SLACK_BOT_TOKEN: text.optional(),
  SLACK_APP_TOKEN: text.optional(),
  SLACK_SIGNING_SECRET: text.optional(),
  SLACK_CLIENT_ID: text.optional(),
  SLACK_CLIENT_SECRET: text.optional(),
  SLACK_STATE_SECRET: text.optional(),
  SLACK_PORT: integer(0, 65_535).default(4243),
  SLACK_HOST: text.default('127.0.0.1'),
})

export type Settings = z.infer<typeof schema>

/** Settings whose values must never appear in a log or an error. */
const secret = /TOKEN|SECRET/

/**
 * Reads the environment, and `.env` in the working folder if there is one (the environment wins).
 * @throws UserError 'bad-settings' with a line for each wrong setting, naming it.
 */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  if (environment === process.env && existsSync('.env')) process.loadEnvFile('.env')
  const given = Object.entries(environment).filter(([, value]) => value !== '')
  const parsed = schema.safeParse(Object.fromEntries(given))
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw ownerError('bad-settings', `Please correct these settings. ${lines.join('; ')}.`)
}

/** The values that must not appear in logs: tokens, and passwords inside URLs. */
export function secretsOf(settings: Settings): string[] {
  const named = Object.entries(settings).filter(([name]) => secret.test(name))
  const passwords = [settings.STORE_URL, settings.QUEUE_URL].map((url) =>
    url && URL.canParse(url) ? new URL(url).password : '',
  )
  return [...named.map(([, value]) => String(value)), ...passwords].filter(
    (value) => value !== '' && value !== 'undefined',
  )
}

export const settingNames = Object.keys(schema.shape)
