import { aboutModel } from '../src/chat/about-model.ts'
import { button, buttons, fields, heading, note } from '../src/chat/elements.ts'
import { arg, defineActions } from '../src/chat/actions.ts'
import {
  allowChannel,
  changeSetting,
  communityLanguage,
  settingsOf,
  type CommunitySettings,
  type Setting,
} from '../src/chat/community.ts'
import type { ActionContext, Context } from '../src/chat/context.ts'
import { languages, type Language, translator } from '../src/language.ts'
import { defineCommand } from '../src/chat/define.ts'
import { channelName, plain } from '../src/chat/markup.ts'
import type { Options, ValuesOf } from '../src/chat/options.ts'
import type { Button, Reply } from '../src/chat/reply.ts'
import type { Catalogue } from '../src/neurons/catalogue.ts'

const languageName = (language: Language): string => translator(language)('language')

const onOrOff = arg.oneOf(['on', 'off'])

const settingsActions = defineActions('settings', {
  switch: { args: [arg.oneOf(['sensitive', 'profanity']), onOrOff] },
  channel: { args: [arg.text, onOrOff] },
})

const options = {
  add_channel: { type: 'channel', description: 'A channel to play in; without any I play in all' },
  remove_channel: { type: 'channel', description: 'A channel to play in no longer' },
  sensitive: { type: 'boolean', description: 'Show neurons about race, religion, illness, politics' },
  profanity: { type: 'boolean', description: 'Refuse words on the list of profanity' },
  cooldown: {
    type: 'integer',
    description: 'Seconds that a person waits between two commands',
    min: 0,
    max: 3600,
  },
  language: {
    type: 'choice',
    description: 'The language of the neuron of the day',
    choices: languages.map((value) => ({ value, label: languageName(value) })),
  },
} as const satisfies Options

/** What moderators decide for their community. */
export const settings = defineCommand({
  name: 'settings',
  called: (t) => t('settings.name'),
  description: (t) => t('settings.description'),
  visibility: 'person',
  moderators: true,
  options,
  async run(context: Context<CommunitySettings>, given) {
    await change(context, given)
    await show(context)
  },
  actions: settingsActions.answeredBy({
    switch: {
      answers: 'edit',
      seenBy: 'person',
      moderators: true,
      async run(context: ActionContext<CommunitySettings>, [name, value]) {
        await changeSetting(context.services.store, context.place, name, value === 'on')
        await show(context)
      },
    },
    channel: {
      answers: 'edit',
      seenBy: 'person',
      moderators: true,
      async run(context: ActionContext<CommunitySettings>, [channel, value]) {
        await allowChannel(context.services.store, context.place, channel, value === 'on')
        await show(context)
      },
    },
  }),
})

async function change(
  { services: { store }, place }: Context,
  given: ValuesOf<typeof options>,
): Promise<void> {
  const set = <Name extends Setting>(name: Name, value: CommunitySettings[Name] | undefined) =>
    value === undefined ? undefined : changeSetting(store, place, name, value)
  const { add_channel: added, remove_channel: removed } = given
  if (added) await allowChannel(store, place, added, true)
  if (removed) await allowChannel(store, place, removed, false)
  await set('sensitive', given.sensitive)
  await set('profanity', given.profanity)
  await set('cooldown', given.cooldown)
  await set('language', given.language)
}

async function show(context: Context<CommunitySettings>): Promise<void> {
  const { store, catalogue } = context.services
  await context.reply(
    replyFor(await settingsOf(store, context.place), context.place.channel, modelInWords(catalogue)),
  )
}

const modelInWords = (catalogue: Catalogue): string =>
  plain(`${catalogue.modelTitle}: ${aboutModel(catalogue)}`)

function replyFor(now: CommunitySettings, here: string, model: string): Reply<CommunitySettings> {
  const toggle = (name: 'sensitive' | 'profanity', on: string, off: string): Button =>
    button(settingsActions.id('switch', name, now[name] ? 'off' : 'on'), now[name] ? off : on)
  const playsHere = now.channels.includes(here)
  return {
    elements: [
      heading('How I behave here'),
      fields([
        {
          name: 'Channels',
          value:
            now.channels.length === 0
              ? 'I play in all channels.'
              : `I play in ${now.channels.map((channel) => (channel === here ? 'this channel' : channelName(channel))).join(', ')}.`,
        },
        {
          name: 'Sensitive neurons',
          value: now.sensitive
            ? 'Shown: race, religion, sexuality, illness, extremism and politicians too.'
            : 'Hidden: race, religion, sexuality, illness, extremism, politicians.',
        },
        {
          name: 'Profanity',
          value: now.profanity ? 'Words on the list are refused.' : 'Words are not checked.',
        },
        {
          name: 'Cooldown',
          value: now.cooldown === 0 ? 'None of your own.' : `${now.cooldown} s between two commands.`,
        },
        { name: 'Language of the neuron of the day', value: languageName(communityLanguage(now)) },
        { name: 'Model', value: model },
      ]),
      buttons([
        button(
          settingsActions.id('channel', here, playsHere ? 'off' : 'on'),
          playsHere ? 'No longer in this channel' : 'Play in this channel',
        ),
        toggle('sensitive', 'Show sensitive neurons', 'Hide sensitive neurons'),
        toggle('profanity', 'Refuse profanity', 'Allow profanity'),
      ]),
      note('Seasons are opened and closed under /scores. Only moderators see this.'),
    ],
    data: now,
  }
}
