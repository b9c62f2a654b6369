import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { endOf, longestMs, parseDuration, parseEnds } from '../../src/games/ends.ts'

/** A Wednesday. */
const now = Date.parse('2026-05-13T10:00:00Z')
const ends = (typed: string, zone = 'UTC'): string => new Date(parseEnds(typed, now, zone)).toISOString()

describe('how long', () => {
  test.each([
    ['30 minutes', 30],
    ['90min', 90],
    ['2h', 120],
    ['in 2 hours', 120],
    ['1.5 hours', 90],
    ['1,5h', 90],
    ['3 days', 3 * 1440],
    ['1d 6h', 1440 + 360],
    ['1 day, 30 minutes', 1470],
    ['1 week', 7 * 1440],
    ['30 Minuten', 30],
    ['1,5 Stunden', 90],
    ['in 3 Tagen', 3 * 1440],
    ['1 Woche', 7 * 1440],
  ])('%s', (typed, minutes) => {
    expect(parseDuration(typed)).toBe(minutes * 60_000)
    expect(parseEnds(typed, now, 'UTC')).toBe(now + minutes * 60_000)
  })

  test.each(['', 'a while', '2', '2 x', '2 months', '-3 h', '3 dayss', 'h'])('not %j', (typed) => {
    expect(() => parseDuration(typed)).toThrow('Please say how long')
  })

  test.each(['0 minutes', '0.5 min', '31 days', '5 weeks'])('too near or too far: %s', (typed) => {
    expect(() => parseDuration(typed)).toThrow('between one minute and 30 days')
  })
})

describe('until when', () => {
  test.each([
    ['tomorrow 18:00', '2026-05-14T18:00:00.000Z'],
    ['tomorrow at 6pm', '2026-05-14T18:00:00.000Z'],
    ['today 23:30', '2026-05-13T23:30:00.000Z'],
    ['12:00', '2026-05-13T12:00:00.000Z'],
    ['9 am', '2026-05-14T09:00:00.000Z'],
    ['friday 20:00', '2026-05-15T20:00:00.000Z'],
    ['on Wednesday, 12:00', '2026-05-13T12:00:00.000Z'],
    ['wed 9:00', '2026-05-20T09:00:00.000Z'],
    ['wednesday', '2026-05-14T00:00:00.000Z'],
    ['friday', '2026-05-16T00:00:00.000Z'],
    ['tomorrow', '2026-05-15T00:00:00.000Z'],
    ['2026-06-01', '2026-06-02T00:00:00.000Z'],
    ['2026-06-01 noon', '2026-06-01T12:00:00.000Z'],
    ['tomorrow 18:00 Europe/Berlin', '2026-05-14T16:00:00.000Z'],
    ['20:00 new york', '2026-05-14T00:00:00.000Z'],
    ['friday 20:00 Kolkata', '2026-05-15T14:30:00.000Z'],
    ['in half an hour', '2026-05-13T10:30:00.000Z'],
    ['two hours', '2026-05-13T12:00:00.000Z'],
    ['6pm on friday', '2026-05-15T18:00:00.000Z'],
    ['next friday', '2026-05-23T00:00:00.000Z'],
    ['tomorrow evening', '2026-05-14T20:00:00.000Z'],
    ['tonight', '2026-05-13T22:00:00.000Z'],
    ['24 May 6pm', '2026-05-24T18:00:00.000Z'],
    ['May 24', '2026-05-25T00:00:00.000Z'],
    ['24 May 6pm Europe/Berlin', '2026-05-24T16:00:00.000Z'],
    ['friday 20:00 CEST', '2026-05-15T18:00:00.000Z'],
    ['morgen 18 Uhr', '2026-05-14T18:00:00.000Z'],
    ['in 2 Stunden', '2026-05-13T12:00:00.000Z'],
    ['morgen um 18:00', '2026-05-14T18:00:00.000Z'],
    ['heute 23:30 Uhr', '2026-05-13T23:30:00.000Z'],
    ['bis Freitag', '2026-05-16T00:00:00.000Z'],
    ['am Mi 9 Uhr', '2026-05-20T09:00:00.000Z'],
    ['Freitag 20:00 Europe/Berlin', '2026-05-15T18:00:00.000Z'],
    ['nächsten Freitag', '2026-05-23T00:00:00.000Z'],
    ['heute Abend', '2026-05-13T18:00:00.000Z'],
    ['24. Mai 18 Uhr', '2026-05-24T18:00:00.000Z'],
  ])('%s', (typed, expected) => {
    expect(ends(typed)).toBe(expected)
  })

  test('days and times are those of the zone', () => {
    expect(ends('tomorrow 18:00', 'Asia/Tokyo')).toBe('2026-05-14T09:00:00.000Z')
    expect(ends('today', 'America/Los_Angeles')).toBe('2026-05-14T07:00:00.000Z')
    expect(ends('24 May 6pm', 'Asia/Tokyo')).toBe('2026-05-24T09:00:00.000Z')
  })

  test('a time that the clock skips is the next minute that exists', () => {
    const before = Date.parse('2026-03-28T12:00:00Z')
    expect(new Date(parseEnds('tomorrow 02:30', before, 'Europe/Berlin')).toISOString()).toBe(
      '2026-03-29T01:00:00.000Z',
    )
  })

  test.each(['today 09:00', '2026-05-12', '2026-07-01', 'today 10:00', 'next year', 'yesterday', '2 months'])(
    'too near or too far: %s',
    (typed) => {
      expect(() => ends(typed)).toThrow('between one minute and 30 days')
    },
  )

  test.each([
    'soon',
    '18',
    '',
    '2026-02-31',
    'tomorrow 25:00',
    '18:00 Atlantis',
    'meet friday',
    'friday morning or so',
  ])('not %j', (typed) => {
    expect(() => ends(typed)).toThrow(/^(?:I can’t read )?"/)
  })

  test('whatever is typed, the answer is an end within limits or one sentence', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            'tomorrow',
            'friday',
            '18:00',
            '9',
            'am',
            '2',
            'h',
            '3d',
            'UTC',
            'x',
            ',',
            '2026-06-01',
          ),
        ),
        (words) => {
          let outcome: number | string
          try {
            outcome = parseEnds(words.join(' '), now, 'Europe/Paris') - now
          } catch (error) {
            outcome = (error as Error).message
          }
          expect(
            typeof outcome === 'string' ? /^[^\n]+[.?]$/.test(outcome) : outcome > 0 && outcome <= longestMs,
          ).toBe(true)
        },
      ),
    )
  })
})

test('the latest extension counts, in whatever order they are read', () => {
  const [first, second] = [
    { at: 10, ends: 500 },
    { at: 20, ends: 400 },
  ]
  expect(endOf(100, [])).toBe(100)
  expect(endOf(100, [first, second])).toBe(400)
  expect(endOf(100, [second, first])).toBe(400)
})
