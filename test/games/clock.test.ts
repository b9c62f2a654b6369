import { DateTime } from 'luxon'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dayExists, dayPlus, firstInstant, localDay, weekday } from '../../src/games/clock.ts'

const at = (day: string, time: string, zone: string): string => {
  const [hour, minute] = time.split(':').map(Number)
  return DateTime.fromMillis(firstInstant(day, { hour: hour!, minute: minute! }, zone), { zone }).toISO()!
}

describe('the first instant of a time on a day', () => {
  test.each([
    ['an ordinary day', 'Europe/Berlin', '2026-01-15', '09:00', '2026-01-15T09:00:00.000+01:00'],
    [
      'skipped: the next minute that exists',
      'Europe/Berlin',
      '2026-03-29',
      '02:30',
      '2026-03-29T03:00:00.000+02:00',
    ],
    ['twice: the first', 'Europe/Berlin', '2026-10-25', '02:30', '2026-10-25T02:30:00.000+02:00'],
    ['a half hour skipped', 'Australia/Lord_Howe', '2026-10-04', '02:10', '2026-10-04T02:30:00.000+11:00'],
    ['a half hour twice', 'Australia/Lord_Howe', '2026-04-05', '01:45', '2026-04-05T01:45:00.000+11:00'],
    ['midnight skipped', 'Africa/Cairo', '2026-04-24', '00:00', '2026-04-24T01:00:00.000+03:00'],
    [
      'the last hour skipped: the next day',
      'America/Nuuk',
      '2024-03-30',
      '23:30',
      '2024-03-31T00:00:00.000-01:00',
    ],
    ['the day skipped: the next day', 'Pacific/Apia', '2011-12-30', '09:00', '2011-12-31T00:00:00.000+14:00'],
    ['far east', 'Pacific/Kiritimati', '2026-06-01', '00:05', '2026-06-01T00:05:00.000+14:00'],
    ['far west', 'Etc/GMT+12', '2026-06-01', '23:55', '2026-06-01T23:55:00.000-12:00'],
  ])('%s', (_, zone, day, time, expected) => {
    expect(at(day, time, zone)).toBe(expected)
  })

  test('no earlier minute shows that time, or a later one that day', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          'Europe/London',
          'America/Sao_Paulo',
          'Australia/Lord_Howe',
          'Asia/Beirut',
          'Pacific/Chatham',
        ),
        fc.integer({ min: 0, max: 7300 }),
        fc.integer({ min: 0, max: 1439 }),
        (zone, days, minutes) => {
          const day = dayPlus('2010-01-01', days)
          const found = firstInstant(day, { hour: Math.floor(minutes / 60), minute: minutes % 60 }, zone)
          const wanted = `${day}T${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
          const shown = (at: number): string =>
            DateTime.fromMillis(at, { zone }).toFormat("yyyy-MM-dd'T'HH:mm")
          expect(shown(found) >= wanted).toBe(true)
          for (let back = 1; back <= 120; back++) expect(shown(found - back * 60_000) < wanted).toBe(true)
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('days', () => {
  test('a day is the calendar day of the place', () => {
    const at = Date.parse('2026-05-01T23:30:00Z')
    expect(localDay(at, 'UTC')).toBe('2026-05-01')
    expect(localDay(at, 'Asia/Tokyo')).toBe('2026-05-02')
  })

  test('days are counted over months and leap years', () => {
    expect(dayPlus('2028-02-28', 1)).toBe('2028-02-29')
    expect(dayPlus('2026-01-01', -1)).toBe('2025-12-31')
    expect(weekday('2026-05-03')).toBe(7)
    expect(weekday('2026-05-04')).toBe(1)
  })

  test('Samoa had no 30 December 2011', () => {
    expect(dayExists('2011-12-30', 'Pacific/Apia')).toBe(false)
    expect(dayExists('2011-12-31', 'Pacific/Apia')).toBe(true)
    expect(dayExists('2026-04-24', 'Africa/Cairo')).toBe(true)
  })
})
