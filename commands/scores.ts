import { button, buttons, text } from '../src/chat/elements.ts'
import type { ActionContext, CompletionContext, Context } from '../src/chat/context.ts'
import type { Command } from '../src/chat/command.ts'
import { defineCommand } from '../src/chat/define.ts'
import type { Choice } from '../src/chat/choice.ts'
import { choicesOf } from '../src/chat/options.ts'
import { personal } from '../src/chat/personal.ts'
import { scoresActions } from './scores/actions.ts'
import { adminReply, close, open } from './scores/admin.ts'
import { scoreRecord } from './scores/record.ts'
import { hiddenRecord, seasonsOf } from './scores/records.ts'
import { leaders, replyFor, type ScoresData, sinceOf } from './scores/show.ts'

/** The community's standings over the games of a list that give points. */
export function scoresFor(commands: readonly Command[]): Command {
  const games = commands.filter(({ scores }) => scores).map(({ name }) => name)
  return defineCommand({
    name: 'scores',
    called: (t) => t('scores.name'),
    description: (t) => t('scores.description'),
    options: {
      game: {
        type: 'choice',
        description: 'Only one game',
        choices: choicesOf(games),
      },
      since: {
        type: 'text',
        description: 'today, week, month, 7d, 2026-05-01, all, or the name of a season',
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
      personal(hiddenRecord, 'wishes not to stand in the scores', ({ person }, id) => person === id),
      personal(scoreRecord, 'entries in the scores', ({ person }, id) => person === id),
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
        moderators: true,
        form: () => ({ title: 'A new season', submitLabel: 'Open it' }),
        async run(context, _args, { name }) {
          await context.reply(await open(context, games, name))
        },
      },
      close: {
        answers: 'edit',
        moderators: true,
        async run(context) {
          await context.reply(await close(context, games))
        },
      },
    }),
  })
}

async function completeSince({ services, place }: CompletionContext, typed: string): Promise<Choice[]> {
  const seasons = await seasonsOf(services.store, place)
  const all = ['today', 'week', 'month', 'all', ...seasons.map(({ name }) => name)]
  return [...choicesOf(all.filter((each) => each.toLowerCase().startsWith(typed.toLowerCase())))]
}

async function hide({ services: { store, now }, place, person, reply }: ActionContext): Promise<void> {
  const shown = await store.insertIfAbsent(hiddenRecord, place, [person.id], {
    person: person.id,
    at: now().getTime(),
  })
  if (!shown) await store.delete(hiddenRecord, place, [person.id])
  await reply({
    elements: [
      text(
        shown
          ? 'You are hidden: your points still count, but your name is on no board.'
          : 'Your name is on the boards again.',
      ),
      buttons([button(scoresActions.id('hide'), shown ? 'Show me again' : 'Hide me')]),
    ],
  })
}
