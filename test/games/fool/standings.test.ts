import { describe, expect, test } from 'vitest'
import { type ScoredEntry, standings, type Verdict } from '../../../src/games/fool/score.ts'
import { random, shuffled } from '../../../src/games/seed.ts'

/** Entries of a few players, many of them alike in one way or another. */
function played(seed: number): ScoredEntry[] {
  const next = random(seed)
  const few = (count: number) => Math.floor(next() * count)
  return Array.from({ length: 1 + few(14) }, (_, i): ScoredEntry => {
    const verdict: Verdict =
      next() < 0.7
        ? { kind: 'edited', fools: next() < 0.5, probability: few(5) / 5, ink: few(4) / 40 }
        : { kind: 'photograph', fools: next() < 0.5, probability: few(5) / 5 }
    return { id: `entry-${i}`, player: `player ${few(5)}`, at: few(3), verdict }
  })
}

describe.each(Array.from({ length: 30 }, (_, seed) => seed))('standings of contest %i', (seed) => {
  const entries = played(seed)
  const placed = standings(entries)
  const both = [...placed.edited, ...placed.photograph]

  test('hold each player once in each class, and those who fool before those who don’t', () => {
    for (const list of [placed.edited, placed.photograph]) {
      expect(new Set(list.map(({ entry }) => entry.player)).size).toBe(list.length)
      const fools = list.map(({ entry }) => entry.verdict.fools)
      expect(fools).toEqual([...fools].sort((a, b) => Number(b) - Number(a)))
    }
  })

  test('do not depend on the order in which entries are read', () => {
    expect(standings(shuffled(entries, random(seed + 1000)))).toEqual(placed)
  })

  test('of two players are the same, whoever else plays', () => {
    const players = new Set([...new Set(entries.map(({ player }) => player))].slice(0, 2))
    const alone = standings(entries.filter(({ player }) => players.has(player)))
    const among = both.map(({ entry }) => entry).filter(({ player }) => players.has(player))
    expect([...alone.edited, ...alone.photograph].map(({ entry }) => entry)).toEqual(among)
  })
})
