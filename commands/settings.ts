import { modelInWords } from '../src/chat/about-model.ts'
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
import { languageName, languages, type Language, type Translate } from '../src/language.ts'
import { defineCommand } from '../src/chat/define.ts'
import { channelName, plain } from '../src/chat/markup.ts'
import type { Options, ValuesOf } from '../src/chat/options.ts'
import type { Button, Reply } from '../src/chat/reply.ts'

const onOrOff = arg.oneOf(['on', 'off'])

const settingsActions = defineActions('settings', {
  switch: { args: [arg.oneOf(['sensitive', 'profanity']), onOrOff] },
  channel: { args: [arg.text, onOrOff] },
})

const options = {
  add_channel: {
    type: 'channel',
    called: (t) => t('settings.addChannel.name'),
    description: (t) => t('settings.addChannel.description'),
  },
  remove_channel: {
    type: 'channel',
    called: (t) => t('settings.removeChannel.name'),
    description: (t) => t('settings.removeChannel.description'),
  },
  sensitive: {
    type: 'boolean',
    called: (t) => t('settings.sensitive.name'),
    description: (t) => t('settings.sensitive.description'),
  },
  profanity: {
    type: 'boolean',
    called: (t) => t('settings.profanity.name'),
    description: (t) => t('settings.profanity.description'),
  },
  cooldown: {
    type: 'integer',
    called: (t) => t('settings.cooldown.name'),
    description: (t) => t('settings.cooldown.description'),
    min: 0,
    max: 3600,
  },
  language: {
    type: 'choice',
    called: (t) => t('settings.language.name'),
    description: (t) => t('settings.language.description'),
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
  const { services, place, communityLocale, t } = context
  const now = await settingsOf(services.store, place)
  const language = communityLanguage(now, communityLocale)
  const model = plain(modelInWords(services.catalogue, t))
  await context.reply(replyFor(now, { here: place.channel, language, model }, t))
}

function replyFor(
  now: CommunitySettings,
  { here, language, model }: { here: string; language: Language; model: string },
  t: Translate,
): Reply<CommunitySettings> {
  const toggle = (name: 'sensitive' | 'profanity'): Button =>
    button(
      settingsActions.id('switch', name, now[name] ? 'off' : 'on'),
      now[name] ? t(`settings.${name}.turnOff`) : t(`settings.${name}.turnOn`),
    )
  const stateOf = (name: 'sensitive' | 'profanity') => ({
    name: t(`settings.${name}.title`),
    value: now[name] ? t(`settings.${name}.on`) : t(`settings.${name}.off`),
  })
  const channels = now.channels.map((channel) =>
    channel === here ? t('settings.channels.here') : channelName(channel),
  )
  const playsHere = now.channels.includes(here)
  return {
    elements: [
      heading(t('settings.title')),
      fields([
        {
          name: t('settings.channels.title'),
          value:
            channels.length === 0
              ? t('settings.channels.all')
              : t('settings.channels.some', { channels: channels.join(', ') }),
        },
        stateOf('sensitive'),
        stateOf('profanity'),
        {
          name: t('settings.cooldown.title'),
          value:
            now.cooldown === 0
              ? t('settings.cooldown.none')
              : t('settings.cooldown.seconds', { seconds: now.cooldown }),
        },
        { name: t('settings.language.title'), value: languageName(language) },
        { name: t('settings.model.title'), value: model },
      ]),
      buttons([
        button(
          settingsActions.id('channel', here, playsHere ? 'off' : 'on'),
          playsHere ? t('settings.channels.remove') : t('settings.channels.add'),
        ),
        toggle('sensitive'),
        toggle('profanity'),
      ]),
      note(t('settings.note')),
    ],
    data: now,
  }
}
