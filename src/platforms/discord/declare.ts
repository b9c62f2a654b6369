import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  Locale,
  PermissionFlagsBits,
  type APIApplicationCommandBasicOption,
  type RESTPostAPIApplicationCommandsJSONBody,
} from 'discord.js'
import type { Command, Invocation } from '../../chat/command.ts'
import { english, languageOf, languages, spoken, type Text, translator } from '../../language.ts'
import type { Option } from '../../chat/options.ts'
import { shortened } from '../text-art.ts'
import { limits } from './limits.ts'

/** Installable in servers and by users; usable in servers, direct messages and group messages. */
const reach = {
  integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
  contexts: [
    InteractionContextType.Guild,
    InteractionContextType.BotDM,
    InteractionContextType.PrivateChannel,
  ],
}

/** The commands as Discord registers them: slash commands, and an entry in the menu of messages. Pure. */
export function declareCommands(commands: readonly Command[]): RESTPostAPIApplicationCommandsJSONBody[] {
  return commands.flatMap((command) => {
    const menu = command.pictureMenu
    if (!menu) return [slashCommand(command)]
    const entry = {
      ...reach,
      type: ApplicationCommandType.Message as const,
      ...named(menu.label, limits.commandName),
    }
    return [slashCommand(command), entry]
  })
}

function slashCommand(command: Command): RESTPostAPIApplicationCommandsJSONBody {
  const declared = {
    ...reach,
    type: ApplicationCommandType.ChatInput as const,
    ...named(command.called ?? command.name, limits.commandName),
    ...described(command.description),
  }
  if (!('subcommands' in command)) {
    return { ...declared, ...moderation([command]), options: declareOptions(command) }
  }
  return {
    ...declared,
    ...moderation(Object.values(command.subcommands)),
    options: Object.entries(command.subcommands).map(([name, invocation]) => ({
      type: ApplicationCommandOptionType.Subcommand as const,
      name,
      ...described(invocation.description),
      options: declareOptions(invocation),
    })),
  }
}

const named = (text: Text, most: number) => {
  const others = inOthers(text, most)
  return { name: shortened(spoken(text, english), most), ...(others && { name_localizations: others }) }
}

const described = (text: Text) => {
  const most = limits.commandDescription
  const others = inOthers(text, most)
  return {
    description: shortened(spoken(text, english), most),
    ...(others && { description_localizations: others }),
  }
}

/** By Discord's locales: "es" is spoken in Spain and in Latin America. Undefined for what is the same in all. */
function inOthers(text: Text, most: number): Partial<Record<Locale, string>> | undefined {
  if (typeof text === 'string' || languages.length === 1) return undefined
  const spokenHere = Object.values(Locale).filter((locale) => languageOf(locale) !== english.language)
  return Object.fromEntries(
    spokenHere.map((locale) => [locale, shortened(text(translator(languageOf(locale))), most)]),
  )
}

/** Discord can only hide a whole command: hidden if all of it is for moderators. */
const moderation = (invocations: readonly Invocation[]) =>
  invocations.every((invocation) => invocation.moderators)
    ? { default_member_permissions: String(PermissionFlagsBits.ManageGuild) }
    : {}

const types = {
  text: ApplicationCommandOptionType.String,
  choice: ApplicationCommandOptionType.String,
  integer: ApplicationCommandOptionType.Integer,
  number: ApplicationCommandOptionType.Number,
  boolean: ApplicationCommandOptionType.Boolean,
  picture: ApplicationCommandOptionType.Attachment,
  channel: ApplicationCommandOptionType.Channel,
  role: ApplicationCommandOptionType.Role,
} as const

function declareOptions({ options = {} }: Invocation): APIApplicationCommandBasicOption[] {
  return Object.entries(options)
    .map(([name, option]) => declareOption(name, option))
    .sort((a, b) => Number(b.required) - Number(a.required))
}

function declareOption(name: string, option: Option): APIApplicationCommandBasicOption {
  const base = {
    ...named(option.called ?? name, limits.commandName),
    ...described(option.description),
    required: option.required ?? false,
  }
  switch (option.type) {
    case 'text':
      return {
        ...base,
        type: types.text,
        ...(option.complete ? { autocomplete: true } : {}),
        ...(option.maxLength ? { max_length: option.maxLength } : {}),
      }
    case 'choice':
      return {
        ...base,
        type: types.choice,
        choices: option.choices.map(({ value, label }) => ({
          ...named(label, limits.completionLabel),
          value,
        })),
      }
    case 'integer':
      return { ...base, ...range(option), type: types.integer }
    case 'number':
      return { ...base, ...range(option), type: types.number }
    default:
      return { ...base, type: types[option.type] }
  }
}

const range = ({ min, max }: { readonly min?: number; readonly max?: number }) => ({
  ...(min === undefined ? {} : { min_value: min }),
  ...(max === undefined ? {} : { max_value: max }),
})
