import {
  MessageFlags,
  PermissionFlagsBits,
  type AutocompleteInteraction,
  type ChatInputCommandInteraction,
  type Interaction,
  type MessageComponentInteraction,
  type MessageContextMenuCommandInteraction,
  type ModalSubmitInteraction,
} from 'discord.js'
import type { Logger } from 'pino'
import type { Dispatcher } from '../../chat/dispatch.ts'
import type { Options } from '../../chat/options.ts'
import { english, languageOf, spoken, translator } from '../../language.ts'
import { optionsOrRefusal, type RawOptions } from '../../chat/parse-options.ts'
import { renderForm } from './form.ts'
import { shortened } from '../text-art.ts'
import { limits } from './limits.ts'
import { messageRef, originOf, picturesOf, pictureSource, placeOf } from './origin.ts'
import { DiscordResponder, type Answerable } from './responder.ts'

/** Turns each interaction into a call of the dispatcher. */
export class Interactions {
  readonly #dispatcher: Dispatcher
  readonly #log: Logger
  readonly #origins: readonly string[]
  readonly #signal: AbortSignal
  #closed = false

  constructor(dispatcher: Dispatcher, log: Logger, origins: readonly string[], signal: AbortSignal) {
    this.#dispatcher = dispatcher
    this.#log = log
    this.#origins = origins
    this.#signal = signal
  }

  /** Accepts nothing new: people are told to try again in a moment. */
  close(): void {
    this.#closed = true
  }

  async take(interaction: Interaction): Promise<void> {
    try {
      if (interaction.isAutocomplete()) return await this.#complete(interaction)
      const refusal = this.#closed
        ? translatorOf(interaction)('platform.restarting')
        : missingPermission(interaction)
      if (refusal && interaction.isRepliable()) {
        await interaction.reply({ content: refusal, flags: MessageFlags.Ephemeral })
      } else if (interaction.isChatInputCommand()) {
        await this.#command(interaction)
      } else if (interaction.isMessageContextMenuCommand()) {
        await this.#menu(interaction)
      } else if (interaction.isModalSubmit()) {
        await this.#press(interaction, interaction.customId)
      } else if (interaction.isMessageComponent()) {
        await this.#component(interaction)
      }
    } catch (error) {
      this.#log.error({ err: error, interaction: interaction.id }, 'an interaction could not be answered')
    }
  }

  async #command(interaction: ChatInputCommandInteraction): Promise<void> {
    const path = pathOf(interaction)
    const invocation = this.#dispatcher.commands.invocation(path)
    const responder = await this.#acknowledged(interaction, invocation?.visibility ?? 'channel')
    const options = await optionsOrRefusal(
      invocation?.options ?? {},
      this.#rawOptions(interaction, invocation?.options ?? {}),
      responder,
      translatorOf(interaction),
    )
    if (options) await this.#dispatcher.run(path, options, originOf(interaction, this.#signal), responder)
  }

  async #menu(interaction: MessageContextMenuCommandInteraction): Promise<void> {
    const command = this.#dispatcher.commands.all.find(
      ({ pictureMenu }) => pictureMenu && spoken(pictureMenu.label, english) === interaction.commandName,
    )
    const responder = await this.#acknowledged(interaction, command?.pictureMenu?.visibility ?? 'person')
    const { pictures, none } = picturesOf(interaction.targetMessage, this.#origins)
    await this.#dispatcher.runPictureMenu(
      command?.name ?? '',
      pictures,
      originOf(interaction, this.#signal),
      responder,
      { none },
    )
  }

  async #component(interaction: MessageComponentInteraction): Promise<void> {
    const form = this.#dispatcher.commands.form(interaction.customId)
    if (form) await interaction.showModal(renderForm(interaction.customId, form, translatorOf(interaction)))
    else await this.#press(interaction, interaction.customId)
  }

  async #press(interaction: MessageComponentInteraction | ModalSubmitInteraction, id: string): Promise<void> {
    const found = this.#dispatcher.commands.action(id)
    const responder = await this.#acknowledged(interaction, found?.action.answers ?? 'person')
    const { fields = {} } = this.#dispatcher.commands.form(id) ?? {}
    const raw = interaction.isModalSubmit() ? this.#rawFields(interaction, fields) : {}
    const values = await optionsOrRefusal(fields, raw, responder, translatorOf(interaction))
    if (!values) return
    const chosen = interaction.isStringSelectMenu() ? interaction.values : []
    const place = placeOf(interaction)
    const message = interaction.message ? messageRef(place, interaction.message) : { ...place, message: '' }
    await this.#dispatcher.press(
      { id, values, chosen, message },
      originOf(interaction, this.#signal),
      responder,
    )
  }

  async #complete(interaction: AutocompleteInteraction): Promise<void> {
    const { name, value } = interaction.options.getFocused(true)
    const choices = await this.#dispatcher.complete(
      pathOf(interaction),
      name,
      value,
      originOf(interaction, this.#signal),
    )
    await interaction.respond(
      choices.slice(0, limits.completions).map((choice) => ({
        name: shortened(choice.label, limits.completionLabel),
        value: choice.value,
      })),
    )
  }

  async #acknowledged(
    interaction: Answerable,
    answers: 'edit' | 'channel' | 'person',
  ): Promise<DiscordResponder> {
    const responder = new DiscordResponder(interaction, placeOf(interaction), answers)
    await responder.acknowledge()
    return responder
  }

  #rawOptions({ options }: ChatInputCommandInteraction, declared: Options): RawOptions {
    return Object.fromEntries(
      Object.entries(declared).map(([name, { type }]) => {
        if (type !== 'picture') return [name, options.get(name)?.value]
        const file = options.getAttachment(name)
        return [name, file ? pictureSource(file, this.#origins) : undefined]
      }),
    )
  }

  #rawFields({ fields }: ModalSubmitInteraction, declared: Options): RawOptions {
    return Object.fromEntries(
      Object.entries(declared)
        .filter(([name]) => fields.fields.has(name))
        .map(([name, { type }]) => {
          if (type === 'picture') {
            const file = fields.getUploadedFiles(name)?.first()
            return [name, file ? pictureSource(file, this.#origins) : undefined]
          }
          if (type === 'choice' || type === 'boolean') return [name, fields.getStringSelectValues(name)[0]]
          if (type === 'channel') return [name, fields.getSelectedChannels(name)?.firstKey()]
          if (type === 'role') return [name, fields.getSelectedRoles(name)?.firstKey()]
          return [name, fields.getTextInputValue(name)]
        }),
    )
  }
}

const translatorOf = ({ locale }: Pick<Interaction, 'locale'>) => translator(languageOf(locale))

function pathOf(interaction: ChatInputCommandInteraction | AutocompleteInteraction): string[] {
  const subcommand = interaction.options.getSubcommand(false)
  return subcommand ? [interaction.commandName, subcommand] : [interaction.commandName]
}

const needed = [
  ['platform.discord.attachFiles', PermissionFlagsBits.AttachFiles],
  ['platform.discord.embedLinks', PermissionFlagsBits.EmbedLinks],
] as const

/** Names the permission that the bot lacks in this channel. */
function missingPermission(interaction: Interaction): string | undefined {
  const { appPermissions } = interaction
  const t = translatorOf(interaction)
  const missing = needed
    .filter(([, flag]) => appPermissions && !appPermissions.has(flag))
    .map(([key]) => t(key))
  return missing.length > 0
    ? t('platform.discord.permission', { names: new Intl.ListFormat(t.language).format(missing) })
    : undefined
}
