import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { serialize } from 'node:v8'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { entries, pictures } from '../../commands/fool/records.ts'
import { guessAnswer } from '../../commands/guess/records.ts'
import { huntEntry, huntPicture } from '../../commands/hunt/records.ts'
import { commands } from '../../commands/index.ts'
import { nameVote } from '../../commands/neuron/votes.ts'
import { scoreRecord } from '../../commands/scores/record.ts'
import { answerRecord } from '../../commands/spotlight/records.ts'
import { openPack } from '../../src/clip/pack.ts'
import { random, seedOf } from '../../src/games/seed.ts'
import { projectRoot } from '../../src/root.ts'
import { openStore } from '../../src/store/open.ts'
import type { RecordKind, Store } from '../../src/store/store.ts'
import { type Game, games, place, players, type Told, type Try } from './all-games.ts'
import { lend } from './borrowed.ts'
import { edited } from './fool-steps.ts'
import { openTable, type Table } from './harness.ts'
import { blankGallery, spider, thing } from './play.ts'

const kills = 200
/** Processes that play at once on the same store, each killed by itself: as many as there are cores to play on. */
const lanes = 2
/** How long after the last answer that it waits for a kill may come. */
const latestMs = 250

const seed = Number(process.env['SEED'] ?? seedOf(Date.now()))
const folder = mkdtempSync(join(tmpdir(), 'crash-'))
const url = `sqlite://${join(folder, 'store.db')}`
const running = new Set<ChildProcess>()
/** Where child.ts stands compiled: tsx takes a second of each start. */
const compiled = join(projectRoot, 'node_modules/.cache/crash')
let store: Store
let table: Table
beforeAll(async () => {
  const compiler = join(projectRoot, 'node_modules/typescript/bin/tsc')
  await promisify(execFile)(process.execPath, [
    compiler,
    '-p',
    join(import.meta.dirname, 'tsconfig.child.json'),
  ])
  await writeFile(join(folder, 'pack'), serialize(await openPack(join(projectRoot, 'models', 'pocket'))))
  store = await openStore(url)
  table = await openTable(commands, { store, gallery: blankGallery })
  for (const n of [0, 1, 2]) {
    const picture = await (await thing(table.services, spider, n)).read()
    await writeFile(join(folder, `hunt-${n}.jpg`), await sharp(picture).jpeg().toBuffer())
  }
  await writeFile(join(folder, 'edit.jpg'), await edited('dog', 'pizza', 90))
  await table.person('Olga').run('fool start', { target: 'pizza', sample: 'dog' })
  await table.person('Olga').run('hunt start', { neuron: 'spider' })
})
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL')
  await table.close()
  await store.close()
  rmSync(folder, { recursive: true })
})

const tried: Try[] = []
const shown = new Set<string>()
const refused: string[] = []
/** How often a kill came between a try and its answer. */
let interrupted = 0
/** How a fact is known here and in the store: instants are each person's own. */
const nameOf = ({ person, at }: { person: string; at: number }): string => `${person.toLowerCase()} ${at}`

/** Starts a process, lets it play for a while, and kills it. @returns what it died over */
async function playAndDie(lane: number, pending: readonly Try[], next: () => number): Promise<Try[]> {
  const session = { lane, lanes, folder, pending, seed: seedOf(seed, lane, next()) }
  const given = [join(compiled, 'test/commands/child.js'), 'all', url, JSON.stringify(session)]
  const child = spawn(process.execPath, given, {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    serialization: 'advanced',
  })
  running.add(child)
  lend(child, table.services)
  // So many of the four see their answer, and then the kill comes: mostly at once, while the others wait.
  const answers = Math.floor(next() * (players.length + 1))
  const closed = once(child, 'close')
  let said = ''
  const answered = new Promise<void>((resolve) => {
    child.stdout!.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const told = said.split('"what":"').slice(1)
      if (told.filter((each) => !each.startsWith('tried')).length >= answers) resolve()
    })
  })
  await Promise.race([answered, closed])
  await wait(latestMs * next() ** 3)
  child.kill('SIGKILL')
  await closed
  running.delete(child)
  const told = said
    .split('\n')
    .slice(1, -1)
    .map((line) => JSON.parse(line) as Told)
  const open = new Map<string, Try>()
  for (const { what, tried: one, sentence } of told) {
    if (what === 'tried') open.set(nameOf(one), one)
    else open.delete(nameOf(one))
    if (what === 'tried' && !pending.some((before) => nameOf(before) === nameOf(one))) tried.push(one)
    if (what === 'shown') shown.add(nameOf(one))
    if (what === 'refused') refused.push(`${one.game}: ${sentence}`)
  }
  const notBegun = pending.filter((one) => !told.some((each) => nameOf(each.tried) === nameOf(one)))
  interrupted += open.size
  return [...notBegun, ...open.values()]
}

/** Facts in the store by name; what is there twice stands here twice. */
async function stored(): Promise<string[]> {
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

test('200 SIGKILLs while four people play everything lose nothing that was acknowledged, and double nothing', async () => {
  const began = performance.now()
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      const next = random(seedOf(seed, lane))
      let pending: Try[] = []
      for (let n = 0; n < kills / lanes; n++) pending = await playAndDie(lane, pending, next)
    }),
  )
  const kept = await stored()
  const once = new Set(kept)
  const acknowledged = tried.filter((one) => shown.has(nameOf(one)))
  const lost = acknowledged.filter((one) => !once.has(nameOf(one)))
  const doubled = kept.filter((name, n) => kept.indexOf(name) !== n)
  const known = new Set(tried.map(nameOf))
  const count = (game: Game, of: readonly Try[]) => of.filter((one) => one.game === game).length
  process.stdout.write(
    [
      `${kills} kills in ${Math.round((performance.now() - began) / 1000)} s, seed ${seed}; ${interrupted} tries were cut off, and made again`,
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

  await everyEntryHasItsPicture()
  await everyRightAnswerHasItsPoints(acknowledged)
}, 900_000)

async function everyEntryHasItsPicture(): Promise<void> {
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

async function everyRightAnswerHasItsPoints(acknowledged: readonly Try[]): Promise<void> {
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
