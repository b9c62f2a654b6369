import { beforeEach, describe, expect, test } from 'vitest'
import { fool } from '../../commands/fool.ts'
import { guess } from '../../commands/guess.ts'
import { hunt } from '../../commands/hunt.ts'
import { scoreRecord } from '../../commands/scores/record.ts'
import { scoresFor } from '../../commands/scores.ts'
import { type Answer, picturesOf, textOf } from './harness.ts'
import { openHome } from './home.ts'

const { at, player, scope, services } = openHome([scoresFor([fool, guess, hunt])])

describe('/scores', () => {
  async function give(person: string, points: number, time: string, game: 'guess' | 'fool' = 'guess') {
    const id = [game, `${person}-${time}`, person.toLowerCase()]
    const value = {
      game,
      person: person.toLowerCase(),
      name: person,
      points,
      at: Date.parse(time),
      detail: '',
    }
    await services().store.set(scoreRecord, scope(), id, value)
  }
  const standing = ({ reply }: Answer) =>
    (reply!.data as { standings: { name: string; points: number }[] }).standings.map(({ name, points }) => [
      name,
      points,
    ])
  beforeEach(async () => {
    await give('Ada', 3, '2026-05-01T00:00:00Z')
    await give('Ada', 5, '2026-05-04T08:00:00Z', 'fool')
    await give('Bob', 6, '2026-05-04T09:00:00Z')
  })

  test('adds up all games, or one, or since a time', async () => {
    const ada = player('Ada')
    expect(standing(await ada.run('scores'))).toEqual([
      ['Ada', 8],
      ['Bob', 6],
    ])
    expect(standing(await ada.run('scores', { since: 'today' }))).toEqual([
      ['Bob', 6],
      ['Ada', 5],
    ])
    expect(standing(await ada.run('scores', { game: 'fool' }))).toEqual([['Ada', 5]])
    expect(picturesOf(await ada.run('scores'))[0]!.alt).toContain('1. Ada, 8 points')
    expect((await ada.run('scores', { since: 'whenever' })).refused).toMatch(/a time I know/)
  })

  test('who hides stands in no standings and in no file, until they show themselves again', async () => {
    const ada = player('Ada')
    const board = await ada.run('scores')
    const hidden = await ada.press(board, /Hide me/)
    expect(hidden.visibility).toBe('person')
    expect(standing(await player('Bob').run('scores'))).toEqual([['Bob', 6]])
    const admin = await player('Mod', { moderator: true }).press(board, 'For moderators')
    expect(csvOf(admin)).not.toContain('Ada')
    await ada.press(hidden, 'Show me again')
    expect(standing(await player('Bob').run('scores'))).toHaveLength(2)
  })

  const csvOf = (answer: Answer): string => {
    const file = answer.reply!.elements.find((element) => element.kind === 'file')
    return Buffer.from(file!.bytes).toString()
  }

  test('moderators open and close seasons, and take the standings away', async () => {
    const mod = player('Mod', { moderator: true })
    const board = await mod.run('scores')
    expect((await player('Bob').press(board, 'For moderators')).refused).toBe('Only moderators can do this.')
    const admin = await mod.press(board, 'For moderators')
    expect(csvOf(admin)).toContain('1,Ada,ada,8')
    const opened = await mod.press(admin, 'Open a season', { name: 'Spring' })
    expect(textOf(opened)).toContain('The season Spring is running.')
    await give('Eve', 2, '2026-05-04T11:00:00Z')
    at('2026-05-04T12:00:00Z')
    expect(standing(await mod.run('scores'))).toEqual([['Eve', 2]])
    await mod.press(opened, 'Close this season')
    await give('Eve', 2, '2026-05-04T13:00:00Z')
    expect(standing(await mod.run('scores', { since: 'spring' }))).toEqual([['Eve', 2]])
    expect(standing(await mod.run('scores'))).toHaveLength(3)
    const chosen = await mod.choose(board, '#0001')
    expect(chosen.refused).toBeUndefined()
    expect(standing(chosen)).toEqual([['Eve', 2]])
  })
})
