import { timeZonesNames } from '@vvo/tzdb'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { english } from '../../src/language.ts'
import { formatTime, parseDays, parseTime } from '../../src/games/parse-time.ts'
import { parseTimeZone, timeZones } from '../../src/games/time-zones.ts'

describe('a time of day', () => {
  test.each([
    ['9:00', '09:00'],
    ['09:30', '09:30'],
    ['9.05', '09:05'],
    ['9am', '09:00'],
    ['9 AM', '09:00'],
    ['12am', '00:00'],
    ['12:15 p.m.', '12:15'],
    ['11:59pm', '23:59'],
    ['21h', '21:00'],
    ['21h15', '21:15'],
    ['noon', '12:00'],
    ['18 Uhr', '18:00'],
    ['18:30 Uhr', '18:30'],
    ['Mitternacht', '00:00'],
    ['Midnight', '00:00'],
    [' 0:00 ', '00:00'],
  ])('%s', (typed, expected) => {
    expect(formatTime(parseTime(typed))).toBe(expected)
  })

  test.each(['', '9', '24:00', '9:60', '13pm', '0am', '9:5', 'nine', '9:00:00', '-1:00', '9m'])(
    'not %j',
    (typed) => {
      expect(() => parseTime(typed)).toThrow(/is not a time of day; write it like 9:00/)
    },
  )

  test('what is written out is read back', () => {
    fc.assert(
      fc.property(fc.nat(23), fc.nat(59), (hour, minute) => {
        expect(parseTime(formatTime({ hour, minute }))).toEqual({ hour, minute })
      }),
    )
  })
})

describe('days of the week', () => {
  test.each([
    ['daily', [1, 2, 3, 4, 5, 6, 7]],
    ['weekdays', [1, 2, 3, 4, 5]],
    ['Weekends', [6, 7]],
    ['mon, wed, fri', [1, 3, 5]],
    ['Tuesdays and Thursday', [2, 4]],
    ['mon-fri', [1, 2, 3, 4, 5]],
    ['sat - mon', [1, 6, 7]],
    ['fri; fri', [5]],
    ['Monday–Friday', [1, 2, 3, 4, 5]],
    ['Monday — Friday', [1, 2, 3, 4, 5]],
    ['mon to fri', [1, 2, 3, 4, 5]],
    ['Sat through Mon', [1, 6, 7]],
    ['mon wed fri', [1, 3, 5]],
    ['Mon. & Thu.', [1, 4]],
    ['weekday', [1, 2, 3, 4, 5]],
    ['every weekday', [1, 2, 3, 4, 5]],
    ['täglich', [1, 2, 3, 4, 5, 6, 7]],
    ['werktags', [1, 2, 3, 4, 5]],
    ['am Wochenende', [6, 7]],
    ['Mo, Mi und Fr', [1, 3, 5]],
    ['Montag–Freitag', [1, 2, 3, 4, 5]],
    ['Montag bis Freitag', [1, 2, 3, 4, 5]],
    ['dienstags', [2]],
    ['every Monday', [1]],
    ['every day', [1, 2, 3, 4, 5, 6, 7]],
    ['weekends and wed', [3, 6, 7]],
  ])('%s', (typed, expected) => {
    expect(parseDays(typed)).toEqual(expected)
  })

  test.each(['', 'someday', 't', 'mon-', 'mon-tue-wed', 's', 'constructor', '__proto__', 'and'])(
    'not %j',
    (typed) => {
      expect(() => parseDays(typed)).toThrow(/are not days of the week/)
    },
  )
})

describe('a time zone', () => {
  const now = Date.parse('2026-07-01T12:00:00Z')

  test.each([
    ['Europe/Berlin', 'Europe/Berlin'],
    ['europe/berlin', 'Europe/Berlin'],
    ['new york', 'America/New_York'],
    ['Lord Howe', 'Australia/Lord_Howe'],
    ['utc', 'UTC'],
    ['Asia/Calcutta', 'Asia/Calcutta'],
    ['asia/kolkata', 'Asia/Kolkata'],
    ['Kolkata', 'Asia/Kolkata'],
    ['Calcutta', 'Asia/Calcutta'],
    ['Mumbai', 'Asia/Kolkata'],
    ['Ho Chi Minh', 'Asia/Ho_Chi_Minh'],
    ['saigon', 'Asia/Saigon'],
    ['Kyiv', 'Europe/Kyiv'],
    ['Kiev', 'Europe/Kiev'],
    ['Kathmandu', 'Asia/Kathmandu'],
    ['Yangon', 'Asia/Yangon'],
    ['Nuuk', 'America/Nuuk'],
    ['Buenos Aires', 'America/Argentina/Buenos_Aires'],
    ['Indianapolis', 'America/Indiana/Indianapolis'],
    ['GMT', 'UTC'],
    ['US/Eastern', 'US/Eastern'],
  ])('%s', (typed, expected) => {
    expect(parseTimeZone(typed)).toBe(expected)
  })

  test('suggests what is close', () => {
    expect(() => parseTimeZone('berli')).toThrow('"berli" is not a time zone; did you mean Europe/Berlin?')
    expect(() => parseTimeZone('Atlantis')).toThrow(/write one like Europe\/Berlin/)
    expect(() => parseTimeZone('Mars/Olympus')).toThrow(/not a time zone/)
  })

  test('suggestions while typing: by city, region, and the time that it is there', () => {
    expect(timeZones('berl', now)[0]).toEqual({ value: 'Europe/Berlin', label: 'Europe/Berlin, now 14:00' })
    expect(timeZones('australia', now).every(({ value }) => value.startsWith('Australia/'))).toBe(true)
    expect(timeZones('14:00', now).map(({ value }) => value)).toContain('Europe/Berlin')
    expect(timeZones('', now)).toHaveLength(25)
    expect(timeZones('xyzzy', now)).toEqual([])
  })

  test('renamed zones are offered by both spellings, which show the same time', () => {
    const offered = new Set(timeZones('', 0, english, 1000).map(({ value }) => value))
    const former = Intl.supportedValuesOf('timeZone').filter((name) => !timeZonesNames.includes(name))
    const renamed = timeZonesNames.filter((name) => !Intl.supportedValuesOf('timeZone').includes(name))
    expect([...former, ...renamed].filter((name) => !offered.has(name))).toEqual([])
    for (const [was, is] of Object.entries({ Calcutta: 'Kolkata', Kiev: 'Kyiv', Godthab: 'Nuuk' })) {
      const [before] = timeZones(was, now)
      const [after] = timeZones(is, now)
      expect([before!.value.split('/')[1], after!.value.split('/')[1]]).toEqual([was, is])
      expect(before!.label.slice(-5)).toBe(after!.label.slice(-5))
    }
    expect(timeZones('mumbai', now).map(({ value }) => value)).toEqual(['Asia/Kolkata'])
  })

  test('every suggestion is a time zone', () => {
    for (const { value } of timeZones('', 0, english, 1000)) expect(parseTimeZone(value)).toBe(value)
  })
})
