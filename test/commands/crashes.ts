import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import sharp from 'sharp'
import { expect } from 'vitest'
import { entries, pictures } from '../../commands/fool/records.ts'
import { guessAnswer } from '../../commands/guess/records.ts'
import { huntEntry, huntPicture } from '../../commands/hunt/records.ts'
import { nameVote } from '../../commands/neuron/votes.ts'
import { scoreRecord } from '../../commands/scores/record.ts'
import { answerRecord } from '../../commands/spotlight/records.ts'
import { random, seedOf } from '../../src/games/seed.ts'
import { openStore } from '../../src/store/open.ts'
import type { RecordKind, Store } from '../../src/store/store.ts'
import { began, type Game, games, place, players, type Session, type Told, type Try } from './all-games.ts'
import type { Bots } from './bots.ts'
import { edited } from './fool-steps.ts'
import { spider, thing } from './play.ts'

/** Processes that play on the same store at once: as many as there are cores. */
const lanes = 2
/** How long after the last answer it waits for a kill by the clock may come. */
const latestMs = 250
/** A session writes about this often. */
const writes = 12

interface Course {
  readonly kills: number
  readonly seed: number
  /** 'writes': a bot dies at one of its writes. 'any': it is killed at any moment of a real clock. */
  readonly moments: 'writes' | 'any'
}

/** Lets four people play everything while bots die, and checks that nothing is lost and nothing is there twice. */
export async function survive(bots: Bots, { kills, seed, moments }: Course): Promise<void> {
  const url = `sqlite://${join(bots.folder, 'all.db')}`
  const store = await openStore(url)
  await openContests(bots, store)
  const tried: Try[] = []
  const shown = new Set<string>()
  const refused: string[] = []
  /** How often a bot died between a try and its answer. */
  let interrupted = 0

  /** A bot that plays until it dies, or until all is answered. @returns what it was doing when it died */
  async function play(session: Session, next: () => number): Promise<Try[]> {
    const child = bots.start('all', url, JSON.stringify(session))
    const closed = once(child, 'close')
    // This many of the four see their answer, and then the kill by the clock comes: mostly at once, while others wait.
    const answers = moments === 'any' ? Math.floor(next() * (players.length + 1)) : players.length
    let said = ''
    const answered = new Promise<void>((resolve) => {
      child.stdout!.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        const told = said.split('"what":"').slice(1)
        if (told.filter((each) => !each.startsWith('tried')).length >= answers) resolve()
      })
    })
    await Promise.race([answered, closed])
    if (moments === 'any') await wait(latestMs * next() ** 3)
    child.kill('SIGKILL')
    await closed
    const told = said
      .split('\n')
      .slice(1, -1)
      .map((line) => JSON.parse(line) as Told)
    const open = new Map<string, Try>()
    for (const { what, tried: one, sentence } of told) {
      if (what === 'tried') open.set(nameOf(one), one)
      else open.delete(nameOf(one))
      if (what === 'tried' && !session.pending.some((before) => nameOf(before) === nameOf(one)))
        tried.push(one)
      if (what === 'shown') shown.add(nameOf(one))
      if (what === 'refused') refused.push(`${one.game}: ${sentence}`)
    }
    const notBegun = session.pending.filter((one) => !told.some((each) => nameOf(each.tried) === nameOf(one)))
    interrupted += open.size
    return [...notBegun, ...open.values()]
  }

  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      const next = random(seedOf(seed, lane))
      let pending: Try[] = []
      for (let n = 0; n <= kills / lanes; n++) {
        const session = { lane, lanes, pending, turn: n * lanes + lane, seed: seedOf(seed, lane, n) }
        // The last one lives, and does again what the others died over.
        const lives = moments === 'any' || n === kills / lanes
        const dies = {
          write: 1 + Math.floor(next() * writes),
          when: next() < 0.5 ? 'before' : 'after',
        } as const
        pending = await play({ ...session, ...(!lives && { dies }) }, next)
      }
    }),
  )

  const kept = await stored(store)
  const names = new Set(kept)
  const acknowledged = tried.filter((one) => shown.has(nameOf(one)))
  const lost = acknowledged.filter((one) => !names.has(nameOf(one)))
  const doubled = kept.filter((name, n) => kept.indexOf(name) !== n)
  const known = new Set(tried.map(nameOf))
  const count = (game: Game, of: readonly Try[]) => of.filter((one) => one.game === game).length
  process.stdout.write(
    [
      `${kills} kills, seed ${seed}; ${interrupted} tries were cut off, and made again`,
      ...games.map(
        (game) => `${game}: ${count(game, tried)} tried, ${count(game, acknowledged)} acknowledged`,
      ),
      `acknowledged ${acknowledged.length}, unacknowledged ${tried.length - acknowledged.length} (of these kept ${kept.length - acknowledged.length + lost.length}), lost ${lost.length}, doubled ${doubled.length}\n`,
    ].join('\n'),
  )
  expect(refused).toEqual([])
  expect(lost).toEqual([])
  expect(doubled).toEqual([])
  expect(kept.filter((name) => !known.has(name))).toEqual([])
  expect(games.filter((game) => count(game, acknowledged) === 0)).toEqual([])
  expect(interrupted).toBeGreaterThan(0)
  await everyEntryHasItsPicture(store)
  await everyRightAnswerHasItsPoints(store, acknowledged)
  await store.close()
}

/** A contest and a hunt to play in, and pictures to enter. */
export async function openContests(bots: Bots, store: Store): Promise<void> {
  const table = await bots.tableOn(store)
  table.setTime(new Date(began - 1))
  for (const n of [0, 1, 2]) {
    const picture = await (await thing(table.services, spider, n)).read()
    await writeFile(join(bots.folder, `hunt-${n}.jpg`), await sharp(picture).jpeg().toBuffer())
  }
  await writeFile(join(bots.folder, 'edit.jpg'), await edited('dog', 'pizza', 90))
  for (const { refused } of [
    await table.person('Olga').run('fool start', { target: 'pizza', sample: 'dog' }),
    await table.person('Olga').run('hunt start', { neuron: 'spider' }),
  ])
    if (refused) throw new Error(`a contest could not be opened: ${refused}`)
}

/** How a fact is named here and in the store: instants are each person's own. */
export const nameOf = ({ person, at }: { person: string; at: number }): string =>
  `${person.toLowerCase()} ${at}`

/** Facts in the store by name; what is there twice is in here twice. */
export async function stored(store: Store): Promise<string[]> {
  const named = async <T extends { readonly at: number }>(kind: RecordKind<T>, who: (value: T) => string) =>
    (await store.list(kind, place)).map(({ value }) => nameOf({ person: who(value), at: value.at }))
  const found = await Promise.all([
    named(guessAnswer, ({ person }) => person),
    named(answerRecord, ({ person }) => person),
    named(nameVote, ({ person }) => person),
    named(huntEntry, ({ player }) => player),
    named(entries, ({ person }) => person),
  ])
  return found.flat()
}

export async function everyEntryHasItsPicture(store: Store): Promise<void> {
  for (const [entry, picture] of [
    [entries, pictures],
    [huntEntry, huntPicture],
  ] as const) {
    const ids = async (kind: RecordKind<unknown>) =>
      (await store.list(kind, place)).map(({ id }) => id.join('/'))
    const stand = new Set(await ids(picture))
    expect((await ids(entry)).filter((id) => !stand.has(id))).toEqual([])
  }
}

export async function everyRightAnswerHasItsPoints(
  store: Store,
  acknowledged: readonly Try[],
): Promise<void> {
  const answers = [...(await store.list(guessAnswer, place)), ...(await store.list(answerRecord, place))]
  const right = new Set(
    answers
      .filter(({ value }) => value.right)
      .map(({ value }) => nameOf({ person: value.person, at: value.at })),
  )
  const points = (await store.list(scoreRecord, place)).map(({ value }) => nameOf(value))
  expect(new Set(points).size).toBe(points.length)
  expect(points.filter((name) => !right.has(name))).toEqual([])
  const due = acknowledged.map(nameOf).filter((name) => right.has(name))
  expect(due.filter((name) => !points.includes(name))).toEqual([])
  expect(due.length).toBeGreaterThan(0)
}
