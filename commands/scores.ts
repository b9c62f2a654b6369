import { actionId } from '../src/chat/action-id.ts'
import type { Command } from '../src/chat/command.ts'
import type { ActionContext } from '../src/chat/context.ts'
import { adminReply, close, open } from './scores/admin.ts'
import { games } from './scores/record.ts'
import { hiddenRecord, seasonsOf } from './scores/records.ts'
import { gameOf, leaders, replyFor, sinceOf } from './scores/show.ts'

/** The community's standings over all games. */
export const scores = {
  name: 'scores',
  description: 'Who has how many points, over all games',
  translations: { de: { name: 'punkte', description: 'Wer wie viele Punkte hat, in allen Spielen' } },
  options: {
    game: {
      type: 'choice',
      description: 'One game alone',
      choices: games.map((value) => ({ value, label: value })),
    },
    since: {
      type: 'text',
      description: 'today, week, month, 7d, 2026-05-01, all, or the name of a season',
      maxLength: 40,
      completes: true,
    },
  },
  async run(context, options) {
    const seasons = await seasonsOf(context.services.store, context.place)
    const since = sinceOf(options.text('since'), seasons)
    await context.reply(await replyFor(context, { game: gameOf(options.text('game')), since, page: 1 }))
  },
  overview: leaders,
  async complete({ services, place }, option, typed) {
    if (option !== 'since') return []
    const seasons = await seasonsOf(services.store, place)
    return ['today', 'week', 'month', 'all', ...seasons.map(({ name }) => name)]
      .filter((each) => each.toLowerCase().startsWith(typed.toLowerCase()))
      .map((value) => ({ value, label: value }))
  },
  actions: {
    page: {
      answers: 'edit',
      async run(context, [game, since = 'all', page]) {
        await context.reply(await replyFor(context, { game: gameOf(game), since, page: Number(page) }))
      },
    },
    since: {
      answers: 'edit',
      async run(context, [game, since = 'all']) {
        await context.reply(await replyFor(context, { game: gameOf(game), since, page: 1 }))
      },
    },
    hide: { answers: 'person', run: hide },
    admin: {
      answers: 'person',
      moderators: true,
      async run(context, [game, since = 'all']) {
        await context.reply(await adminReply(context, { game: gameOf(game), since }))
      },
    },
    open: {
      answers: 'edit',
      moderators: true,
      form: () => ({
        title: 'A new season',
        submitLabel: 'Open it',
        fields: {
          name: { type: 'text', description: 'What is it called?', required: true, maxLength: 40 },
        },
      }),
      async run(context, _args, values) {
        await context.reply(await open(context, values.requiredText('name')))
      },
    },
    close: {
      answers: 'edit',
      moderators: true,
      async run(context) {
        await context.reply(await close(context))
      },
    },
  },
} satisfies Command

async function hide({ services: { store, now }, place, person, reply }: ActionContext): Promise<void> {
  const shown = await store.insertIfAbsent(hiddenRecord, place, [person.id], {
    person: person.id,
    at: now().getTime(),
  })
  if (!shown) await store.delete(hiddenRecord, place, [person.id])
  await reply({
    elements: [
      {
        kind: 'text',
        text: shown
          ? 'You are hidden: your points go on counting, and nobody sees them in the standings.'
          : 'You are shown in the standings again.',
      },
      {
        kind: 'buttons',
        buttons: [{ id: actionId('scores', 'hide'), label: shown ? 'Show me again' : 'Hide me' }],
      },
    ],
  })
}
