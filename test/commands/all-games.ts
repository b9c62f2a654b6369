import { writeSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { guessQuestion } from '../../commands/guess/records.ts'
import { neuronActions } from '../../commands/neuron/actions.ts'
import { nameVote } from '../../commands/neuron/votes.ts'
import { askedRecord } from '../../commands/spotlight/records.ts'
import type { RawOptions } from '../../src/chat/parse-options.ts'
import { random, seedOf } from '../../src/games/seed.ts'
import type { RecordKind } from '../../src/store/store.ts'
import type { Death } from '../dying-store.ts'
import { type Answer, buttonsOf, pictureSource, type Player, type Table } from './harness.ts'

export const players = ['Ada', 'Bob', 'Cleo', 'Dora'] as const
export const place = { platform: 'playground', community: 'home', channel: 'general' } as const
/** When they begin. Each turn has an instant of its own. */
export const began = Date.UTC(2026, 4, 4, 10)

type Asked = { readonly answer: number }

/** What a person does to make one fact: an answer, an entry, a vote. */
export const games = ['guess', 'spotlight', 'suggest', 'vote', 'hunt', 'write', 'edit'] as const
export type Game = (typeof games)[number]

/** In turn; what is quick comes more often. */
const often: readonly Game[] = [...games, 'guess', 'guess', 'suggest', 'hunt']

/** One try to make one fact, with everything needed to try it again after a crash. */
export interface Try {
  readonly game: Game
  readonly person: (typeof players)[number]
  /** Their clock throughout; no other try of theirs has the same, so it identifies the fact in the store. */
  readonly at: number
  readonly move:
    | { readonly press: string; readonly fields?: RawOptions }
    | { readonly enter: 'fool' | 'hunt'; readonly file: string }
}

/** What a player reports as it happens; `shown` at the instant the person sees an answer. */
export interface Told {
  readonly what: 'tried' | 'shown' | 'refused'
  readonly tried: Try
  readonly sentence?: string
}

/** The check for rude words would read digits as letters: 455 is refused. These never spell a word. */
const letters = (number: number): string => String(number).replace(/\d/g, (digit) => 'bdhjlmnrvw'[+digit]!)

/** Written when this returns, whatever becomes of the process. */
const tell = (told: Told): void => void writeSync(1, `${JSON.stringify(told)}\n`)

export interface Session {
  /** Several processes play at once: each has instants and units of its own. */
  readonly lane: number
  readonly lanes: number
  readonly seed: number
  /** Counts the sessions of all lanes. */
  readonly turn: number
  /** Absent if it is killed from outside, or not at all. */
  readonly dies?: Death
  /** What an earlier process was doing when it died. */
  readonly pending: readonly Try[]
}

/**
 * The four each do one thing, all at once: whatever they saw no answer to before, or else something new.
 * @param folder of the pictures to enter
 */
export async function playOnce(table: Table, session: Session, folder: string): Promise<void> {
  const questions: Answer[] = []
  await Promise.all(players.map((name, n) => playOne(table, session, folder, name, n, questions)))
}

async function playOne(
  table: Table,
  { lane, lanes, seed, turn, pending }: Session,
  folder: string,
  name: Try['person'],
  n: number,
  questions: Answer[],
): Promise<void> {
  const next = random(seedOf(seed, n))
  const anyOf = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!
  const again = pending.find(({ person }) => person === name)
  const at = again?.at ?? began + turn
  const player = table.person(name, { moderator: true, now: () => new Date(at) })

  const attempt = async (game: Game, move: Try['move']): Promise<void> => {
    const tried: Try = { game, person: name, at, move }
    tell({ what: 'tried', tried })
    player.onShown = () => {
      player.onShown = () => {}
      tell({ what: 'shown', tried })
    }
    const { refused } = await make(player, tried, folder)
    if (refused !== undefined) tell({ what: 'refused', tried, sentence: refused })
  }
  const pressOne = async (game: Game, answer: Answer, ids: RegExp, right?: number): Promise<void> => {
    const buttons = buttonsOf(answer).filter(({ id }) => ids.test(id))
    const known = right !== undefined && next() < 0.5
    await attempt(game, { press: (known ? buttons[right]! : anyOf(buttons)).id })
  }
  const answerTo = async (kind: RecordKind<Asked>, { reply }: Answer): Promise<number> => {
    const { question } = reply!.data as { question: string }
    return (await table.services.store.get(kind, place, [question]))!.answer
  }
  /** A unit with, or without, a name that others gave it, but none from this person. */
  const unitToName = async (named: boolean): Promise<number | undefined> => {
    const votes = await table.services.store.list(nameVote, place)
    const all = new Set(votes.map(({ id }) => id[0]))
    const mine = new Set(
      votes.filter(({ value }) => value.person === name.toLowerCase()).map(({ id }) => id[0]),
    )
    const left = table.services.catalogue.units
      .filter(({ unit, sensitive }) => !sensitive && unit % lanes === lane && !mine.has(String(unit)))
      .map(({ unit }) => unit)
    return anyOf(left.filter((unit) => all.has(String(unit)) === named))
  }
  const play: Readonly<Record<Game, () => Promise<void>>> = {
    async guess() {
      const question = await player.run('guess')
      await pressOne('guess', question, /^guess\/answer/, await answerTo(guessQuestion, question))
    },
    async spotlight() {
      // The same question for several people, if one is open.
      const question = questions[0] ?? (await player.run('spotlight now'))
      questions.push(question)
      await pressOne('spotlight', question, /^spotlight\/answer/, await answerTo(askedRecord, question))
    },
    /** By the button of a /neurons card. */
    async suggest() {
      const unit = (await unitToName(false))!
      const move = { press: neuronActions.id('rename', unit), fields: { name: 'round thing' } }
      await attempt('suggest', move)
    },
    async vote() {
      const unit = await unitToName(true)
      if (unit === undefined) return play.suggest()
      await pressOne('vote', await player.run('neuron', { which: String(unit) }), /^neuron\/vote/)
    },
    hunt: () => attempt('hunt', { enter: 'hunt', file: anyOf(['hunt-0.jpg', 'hunt-1.jpg', 'hunt-2.jpg']) }),
    async write() {
      const preview = await player.run('fool write', { text: `pizza ${letters(at % 100_000)}`, size: 5 })
      await pressOne('write', preview, /^fool\/enter/)
    },
    edit: () => attempt('edit', { enter: 'fool', file: 'edit.jpg' }),
  }
  await (again ? attempt(again.game, again.move) : play[often[(turn * players.length + n) % often.length]!]())
}

async function make(player: Player, { move, at }: Try, folder: string): Promise<Answer> {
  if ('press' in move) return player.pressId(move.press, { ...place, message: 'before' }, move.fields)
  const bytes = await readFile(join(folder, move.file))
  // Bytes after the end of a JPEG are not part of the picture, but make it a different file.
  const picture = pictureSource(Buffer.concat([bytes, Buffer.from(String(at))]))
  return player.run(`${move.enter} enter`, { picture })
}
