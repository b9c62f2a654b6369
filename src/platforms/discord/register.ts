import { isDeepStrictEqual } from 'node:util'
import {
  Routes,
  type APIApplicationCommand,
  type REST,
  type RESTPostAPIApplicationCommandsJSONBody,
} from 'discord.js'

export interface Registration {
  readonly created: string[]
  readonly changed: string[]
  readonly removed: string[]
}

interface Target {
  readonly rest: REST
  readonly applicationId: string
  /** Registers only in this server; by default globally. */
  readonly guildId?: string
}

/** Compares the registered commands with the declared ones and changes only what differs. */
export async function registerCommands(
  { rest, applicationId, guildId }: Target,
  declared: readonly RESTPostAPIApplicationCommandsJSONBody[],
): Promise<Registration> {
  const all = guildId
    ? Routes.applicationGuildCommands(applicationId, guildId)
    : Routes.applicationCommands(applicationId)
  const one = (id: string) =>
    guildId
      ? Routes.applicationGuildCommand(applicationId, guildId, id)
      : Routes.applicationCommand(applicationId, id)
  const query = new URLSearchParams({ with_localizations: 'true' })
  const registered = (await rest.get(all, { query })) as APIApplicationCommand[]
  const result: Registration = { created: [], changed: [], removed: [] }
  for (const command of declared) {
    const existing = registered.find((each) => same(each, command))
    if (
      existing &&
      isDeepStrictEqual(comparable(existing, Boolean(guildId)), comparable(command, Boolean(guildId)))
    )
      continue
    await (existing ? rest.patch(one(existing.id), { body: command }) : rest.post(all, { body: command }))
    result[existing ? 'changed' : 'created'].push(command.name)
  }
  for (const gone of registered.filter((each) => !declared.some((command) => same(each, command)))) {
    await rest.delete(one(gone.id))
    result.removed.push(gone.name)
  }
  return result
}

const same = (
  a: { name: string; type?: number | undefined },
  b: { name: string; type?: number | undefined },
): boolean => a.name === b.name && (a.type ?? 1) === (b.type ?? 1)

const compared = [
  'name',
  'type',
  'description',
  'options',
  'name_localizations',
  'description_localizations',
  'default_member_permissions',
  'integration_types',
  'contexts',
] as const

/** The parts that we declare, without defaults that Discord adds or omits. */
function comparable(command: object, inGuild: boolean): unknown {
  const fields = Object.entries(command).filter(
    ([key]) =>
      compared.some((each) => each === key) && !(inGuild && ['integration_types', 'contexts'].includes(key)),
  )
  return withoutDefaults(Object.fromEntries(fields))
}

function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDefaults)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined && each !== null && each !== false && each !== '')
      .filter(([, each]) => !(Array.isArray(each) && each.length === 0))
      .map(([key, each]): [string, unknown] => [key, withoutDefaults(each)])
      .filter(([, each]) => !(typeof each === 'object' && each !== null && Object.keys(each).length === 0))
      .sort(([a], [b]) => a.localeCompare(b)),
  )
}
