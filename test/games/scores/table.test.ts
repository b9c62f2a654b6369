import { describe, expect, test } from 'vitest'
import { scoresCsv } from '../../../src/games/scores/csv.ts'
import { currentSeason, parseSince } from '../../../src/games/scores/seasons.ts'
import { pointsForPlace, scoreTable, type Points } from '../../../src/games/scores/table.ts'

const of = (person: string, points: number, at = 0, game = 'fool'): Points => ({
  game,
  person,
  name: person.toUpperCase(),
  points,
  at,
})
const nobody: ReadonlySet<string> = new Set()
const places = (all: Points[], selection = {}, hidden = nobody): [number, string, number][] =>
  scoreTable(all, selection, hidden).map(({ place, person, points }) => [place, person, points])

describe('the score table', () => {
  test('adds up over games and events, most points first', () => {
    const all = [of('ann', 3), of('bob', 10), of('ann', 6, 1, 'hunt'), of('ann', 4, 2)]
    expect(places(all)).toEqual([
      [1, 'ann', 13],
      [2, 'bob', 10],
    ])
    expect(scoreTable(all, {}, nobody)[0]!.byGame).toEqual({ fool: 7, hunt: 6 })
  })

  test('equal points share a place, and whoever had them first is named first', () => {
    expect(places([of('ann', 5, 30), of('bob', 5, 20), of('cem', 9, 10), of('dan', 1, 5)])).toEqual([
      [1, 'cem', 9],
      [2, 'bob', 5],
      [2, 'ann', 5],
      [4, 'dan', 1],
    ])
  })

  test('shows one game, or the time between two dates', () => {
    const all = [of('ann', 1, 10), of('ann', 2, 20, 'guess'), of('ann', 4, 30)]
    expect(places(all, { game: 'guess' })).toEqual([[1, 'ann', 2]])
    expect(places(all, { from: 20 })).toEqual([[1, 'ann', 6]])
    expect(places(all, { from: 10, until: 30 })).toEqual([[1, 'ann', 3]])
  })

  test('leaves out whoever wants to be hidden, and others only ever move up', () => {
    expect(places([of('ann', 9), of('bob', 5)], {}, new Set(['ann']))).toEqual([[1, 'bob', 5]])
  })

  test('calls people by their latest name', () => {
    expect(scoreTable([{ ...of('ann', 1, 20), name: 'Anna' }, of('ann', 1, 10)], {}, nobody)[0]!.name).toBe(
      'Anna',
    )
  })

  test('the first three places bring 5, 3 and 2 points, every other place one', () => {
    expect([1, 2, 3, 4, 50].map(pointsForPlace)).toEqual([5, 3, 2, 1, 1])
  })
})

describe('the table as CSV', () => {
  const csvOf = (name: string): string =>
    scoresCsv([{ place: 1, person: '42', name, points: 7, byGame: { fool: 7 } }], ['fool', 'hunt'])

  test('has a column for each game and a mark for spreadsheets', () => {
    expect(csvOf('Ann')).toBe('\uFEFFplace,name,id,points,fool,hunt\r\n1,Ann,42,7,7,0\r\n')
  })

  test('quotes what would break a line or a column', () => {
    expect(csvOf('Ann "the\nword", Lee')).toContain('1,"Ann ""the\nword"", Lee",42')
  })

  test.each(['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('defuses %j', (name) => {
    const cell = csvOf(name).split('\r\n1,')[1]!
    expect(cell).toMatch(/^"?'/)
  })
})

describe('since when', () => {
  const now = Date.parse('2026-05-13T10:00:00Z') // A Wednesday.
  const spring = {
    name: 'Spring',
    opened: Date.parse('2026-03-01T00:00:00Z'),
    closed: Date.parse('2026-04-01T00:00:00Z'),
  }
  const may = { name: 'May', opened: Date.parse('2026-05-01T00:00:00Z') }
  const since = (typed: string | undefined, seasons = [spring, may], zone = 'UTC') =>
    parseSince(typed, { seasons, now, zone })
  const iso = (typed: string, zone?: string): string => new Date(since(typed, [], zone).from!).toISOString()

  test('nothing typed means the current season, or everything', () => {
    expect(since(undefined)).toEqual({ from: may.opened })
    expect(since(undefined, [spring])).toEqual({})
    expect(since('all')).toEqual({})
  })

  test('a season by its name', () => {
    expect(since('spring')).toEqual({ from: spring.opened, until: spring.closed })
  })

  test.each([
    ['today', '2026-05-13T00:00:00.000Z'],
    ['week', '2026-05-11T00:00:00.000Z'],
    ['Month', '2026-05-01T00:00:00.000Z'],
    ['year', '2026-01-01T00:00:00.000Z'],
    ['7d', '2026-05-06T00:00:00.000Z'],
    ['2026-02-03', '2026-02-03T00:00:00.000Z'],
  ])('%s', (typed, expected) => {
    expect(iso(typed)).toBe(expected)
  })

  test('days begin when they do where the community is', () => {
    expect(iso('today', 'America/New_York')).toBe('2026-05-13T04:00:00.000Z')
  })

  test('what is none of these is refused in one sentence', () => {
    expect(() => since('yesteryear')).toThrow(/"yesteryear" isn.t a time I know/)
    expect(() => since('2026-02-31')).toThrow(/a time I know/)
    expect(() => since('season', [spring])).toThrow(/No season/)
  })

  test('of two seasons opened in a race the first one counts', () => {
    expect(
      currentSeason([
        { name: 'b', opened: 2 },
        { name: 'a', opened: 1 },
      ])?.name,
    ).toBe('a')
  })
})
