import { button, buttons, text } from '../src/chat/elements.ts'
import type { ActionContext, CompletionContext, Context } from '../src/chat/context.ts'
import type { Command } from '../src/chat/command.ts'
import { defineCommand } from '../src/chat/define.ts'
import type { Choice } from '../src/chat/choice.ts'
import { choicesOf } from '../src/chat/options.ts'
import { isTheirs, personal } from '../src/chat/personal.ts'
import { scoresActions } from './scores/actions.ts'
import { adminReply, close, open } from './scores/admin.ts'
import { scoreRecord } from './scores/record.ts'
import { hiddenRecord, seasonsOf } from './scores/records.ts'
import { leaders, replyFor, type ScoresData, sinceOf, stretches } from './scores/show.ts'

/** The community's standings over the games of a list that give points. */
export function scoresFor(commands: readonly Command[]): Command {
  const scoring = commands.filter(({ scores }) => scores)
  const games = scoring.map(({ name }) => name)
  return defineCommand({
    name: 'scores',
    called: (t) => t('scores.name'),
    description: (t) => t('scores.description'),
    options: {
      game: {
        type: 'choice',
        called: (t) => t('scores.game.name'),
        description: (t) => t('scores.game.description'),
        choices: scoring.map(({ name, called = name }) => ({ value: name, label: called })),
      },
      since: {
        type: 'text',
        called: (t) => t('scores.since.name'),
        description: (t) => t('scores.since.description'),
        maxLength: 40,
        complete: completeSince,
      },
    },
    async run(context: Context<ScoresData>, { game, since: typed }) {
      const seasons = await seasonsOf(context.services.store, context.place)
      const since = sinceOf(typed, seasons)
      await context.reply(await replyFor(context, { game, since, page: 1 }))
    },
    personal: [
      personal(hiddenRecord, (t) => t('scores.kept.hidden'), isTheirs),
      personal(scoreRecord, (t) => t('scores.kept.entries'), isTheirs),
    ],
    overview: leaders,
    actions: scoresActions.answeredBy({
      page: {
        answers: 'edit',
        async run(context: ActionContext<ScoresData>, [game, since, page]) {
          await context.reply(await replyFor(context, { game, since, page }))
        },
      },
      since: {
        answers: 'edit',
        async run(context: ActionContext<ScoresData>, [game, since]) {
          await context.reply(await replyFor(context, { game, since, page: 1 }))
        },
      },
      hide: { answers: 'person', run: hide },
      admin: {
        answers: 'person',
        moderators: true,
        async run(context, [game, since]) {
          await context.reply(await adminReply(context, games, { game, since }))
        },
      },
      open: {
        answers: 'edit',
        seenBy: 'person',
        moderators: true,
        form: () => ({
          title: (t) => t('scores.season.title'),
          submitLabel: (t) => t('scores.season.submit'),
        }),
        async run(context, _args, { name }) {
          await context.reply(await open(context, games, name))
        },
      },
      close: {
        answers: 'edit',
        seenBy: 'person',
        moderators: true,
        async run(context) {
          await context.reply(await close(context, games))
        },
      },
    }),
  })
}

async function completeSince({ services, place, t }: CompletionContext, typed: string): Promise<Choice[]> {
  const seasons = await seasonsOf(services.store, place)
  const all = [
    ...stretches.map((value) => ({ value, label: t(`scores.when.${value}`) })),
    ...choicesOf(seasons.map(({ name }) => name)),
  ]
  const begun = typed.toLowerCase()
  return all.filter(({ value, label }) => [value, label].some((each) => each.toLowerCase().startsWith(begun)))
}

async function hide({ services: { store, now }, place, person, reply, t }: ActionContext): Promise<void> {
  const shown = await store.insertIfAbsent(hiddenRecord, place, [person.id], {
    person: person.id,
    at: now().getTime(),
  })
  if (!shown) await store.delete(hiddenRecord, place, [person.id])
  await reply({
    elements: [
      text(shown ? t('scores.hidden') : t('scores.shown')),
      buttons([button(scoresActions.id('hide'), shown ? t('scores.show') : t('scores.hide'))]),
    ],
  })
}
