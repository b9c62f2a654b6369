import { heading, table } from '../../src/chat/elements.ts'
import type { Context } from '../../src/chat/context.ts'
import { subcommand } from '../../src/chat/define.ts'
import { day } from '../../src/chat/words.ts'
import { UserError } from '../../src/errors.ts'
import { idOf } from '../contest/contest.ts'
import { hiddenIn } from '../scores/records.ts'
import { type ScoreData, scoreOf } from './board.ts'
import { withoutHidden } from './contests.ts'
import { type Contest, type ContestResult, contests, results } from './records.ts'
import { valueOf } from './words.ts'

const historyLength = 10

const winnerOf = (list: ContestResult['edits']) => list.find(({ entry }) => entry.verdict.fools)

/** For programs. */
type HistoryData = readonly {
  readonly contest: number
  readonly target: string
  /** ISO 8601. */
  readonly ended: string
  readonly standings: readonly (ScoreData & {
    readonly place: number
    readonly player: string
    readonly points: number
  })[]
}[]

export const history = subcommand({
  description: (t) => t('fool.history.description'),
  async run(context: Context<HistoryData>) {
    const { store } = context.services
    const { place, t } = context
    const hidden = await hiddenIn(store, place)
    const past: { contest: Contest; result: ContestResult }[] = []
    for (const { value: contest } of (await store.list(contests, place, [place.channel])).reverse()) {
      const result = await store.get(results, place, idOf(contest))
      if (result) past.push({ contest, result: withoutHidden(result, hidden, t) })
      if (past.length === historyLength) break
    }
    if (past.length === 0) throw new UserError('not-found', 'fool.history.none')
    await context.reply({
      elements: [
        heading(t('fool.history.title')),
        table(
          (['ended', 'target', 'winner', 'score', 'players'] as const).map((column) =>
            t(`fool.history.column.${column}`),
          ),
          past.map(({ contest, result }) => {
            const first = winnerOf(result.edits) ?? winnerOf(result.photographs)
            const players = new Set([...result.edits, ...result.photographs].map(({ entry }) => entry.person))
              .size
            return [
              day(result.ended, t),
              contest.target,
              first?.entry.name ?? t('fool.history.nobody'),
              first ? valueOf(first.entry, t) : '',
              String(players),
            ]
          }),
        ),
      ],
      data: past.map(({ contest, result }) => ({
        contest: contest.number,
        target: contest.target,
        ended: new Date(result.ended).toISOString(),
        standings: [...result.edits, ...result.photographs].map(({ place: rank, points, entry }) => ({
          place: rank,
          player: entry.name,
          ...scoreOf(entry),
          points,
        })),
      })),
    })
  },
})
