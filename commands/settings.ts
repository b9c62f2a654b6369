import { actionId } from '../src/chat/action-id.ts'
import type { Command } from '../src/chat/command.ts'
import {
  allowChannel,
  changeSetting,
  languages,
  settingsOf,
  type CommunitySettings,
  type Language,
  type Setting,
} from '../src/chat/community.ts'
import type { Context } from '../src/chat/context.ts'
import { plain } from '../src/chat/markup.ts'
import type { Options } from '../src/chat/options.ts'
import type { Button, Reply } from '../src/chat/reply.ts'

const languageNames: Record<Language, string> = { en: 'English', de: 'Deutsch' }

/** What moderators decide for their community. */
export const settings = {
  name: 'settings',
  description: 'How I behave in this community: channels, sensitive neurons, language',
  translations: {
    de: {
      name: 'einstellungen',
      description: 'Wie ich mich hier verhalte: Kanäle, heikle Neuronen, Sprache',
    },
  },
  visibility: 'person',
  moderators: true,
  options: {
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
      choices: languages.map((value) => ({ value, label: languageNames[value] })),
    },
  },
  async run(context, options) {
    await change(context, options)
    await show(context)
  },
  actions: {
    switch: {
      answers: 'edit',
      moderators: true,
      async run(context, [name = '', value = '']) {
        const { store } = context.services
        if (name === 'sensitive' || name === 'profanity')
          await changeSetting(store, context.place, name, value === 'on')
        await show(context)
      },
    },
    channel: {
      answers: 'edit',
      moderators: true,
      async run(context, [channel = '', value = '']) {
        await allowChannel(context.services.store, context.place, channel, value === 'on')
        await show(context)
      },
    },
  },
} satisfies Command

async function change({ services: { store }, place }: Context, options: Options): Promise<void> {
  const set = <Name extends Setting>(name: Name, value: CommunitySettings[Name] | undefined) =>
    value === undefined ? undefined : changeSetting(store, place, name, value)
  const added = options.text('add_channel')
  const removed = options.text('remove_channel')
  if (added) await allowChannel(store, place, added, true)
  if (removed) await allowChannel(store, place, removed, false)
  await set('sensitive', given(options, 'sensitive'))
  await set('profanity', given(options, 'profanity'))
  await set('cooldown', options.number('cooldown'))
  await set(
    'language',
    languages.find((language) => language === options.text('language')),
  )
}

/** Undefined where it was not given, which `Options.boolean` reads as no. */
const given = (options: Options, name: string): boolean | undefined =>
  options.has(name) ? options.boolean(name) : undefined

async function show(context: Context): Promise<void> {
  await context.reply(
    replyFor(await settingsOf(context.services.store, context.place), context.place.channel),
  )
}

function replyFor(now: CommunitySettings, here: string): Reply {
  const toggle = (name: 'sensitive' | 'profanity', on: string, off: string): Button => ({
    id: actionId('settings', 'switch', name, now[name] ? 'off' : 'on'),
    label: now[name] ? off : on,
  })
  const playsHere = now.channels.includes(here)
  return {
    elements: [
      { kind: 'heading', text: 'How I behave here' },
      {
        kind: 'fields',
        fields: [
          {
            name: 'Channels',
            value:
              now.channels.length === 0
                ? 'I play in all channels.'
                : `I play in ${now.channels.map((channel) => (channel === here ? 'this channel' : plain(`#${channel}`))).join(', ')}.`,
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
          { name: 'Language of the neuron of the day', value: languageNames[now.language] },
        ],
      },
      {
        kind: 'buttons',
        buttons: [
          {
            id: actionId('settings', 'channel', here, playsHere ? 'off' : 'on'),
            label: playsHere ? 'No longer in this channel' : 'Play in this channel',
          },
          toggle('sensitive', 'Show sensitive neurons', 'Hide sensitive neurons'),
          toggle('profanity', 'Refuse profanity', 'Allow profanity'),
        ],
      },
      { kind: 'note', text: 'Seasons are opened and closed under /scores. Only moderators see this.' },
    ],
    data: now,
  }
}
