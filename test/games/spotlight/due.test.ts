import { DateTime } from 'luxon'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { examples, some } from '../../examples.ts'
import { localDay } from '../../../src/games/clock.ts'
import { due, nextPost, type Schedule } from '../../../src/games/spotlight/due.ts'

const everyDay = [1, 2, 3, 4, 5, 6, 7]
const ms = (iso: string, zone = 'UTC'): number => DateTime.fromISO(iso, { zone }).toMillis()
const minute = 60_000

/** Ticks through time as the bot does, and gives the local time of each post. */
function played(schedule: Schedule, from: string, to: string, tick = 15 * minute): string[] {
  const settled = new Set<string>()
  const posts: string[] = []
  for (let now = ms(from); now <= ms(to); now += tick) {
    const { post, missed } = due(schedule, settled, now)
    expect(missed).toEqual([])
    if (!post) continue
    settled.add(post.day)
    posts.push(DateTime.fromMillis(now, { zone: schedule.zone }).toFormat('yyyy-MM-dd HH:mm'))
  }
  return posts
}

describe('a whole year, one post a day, at the right time', () => {
  /** Zone, time, and the days of 2026 on which the clock shows another time when the post is due. */
  const cases: [string, string, Record<string, string>][] = [
    ['Europe/Berlin', '02:30', { '2026-03-29': '03:00' }],
    ['Australia/Lord_Howe', '02:15', { '2026-10-04': '02:30' }],
    ['America/Santiago', '00:00', { '2026-09-06': '01:00' }],
    ['America/New_York', '02:15', { '2026-03-08': '03:00' }],
    ['Pacific/Auckland', '02:00', { '2026-09-27': '03:00' }],
    ['Asia/Kathmandu', '09:00', {}],
  ]
  test.each(some(1, cases))('%s at %s', (zone, time, others) => {
    const [hour, minute] = time.split(':').map(Number)
    const schedule = {
      time: { hour: hour!, minute: minute! },
      zone,
      days: everyDay,
      since: ms('2026-01-01', zone),
    }
    const posts = played(schedule, '2025-12-31T00:00Z', '2027-01-01T14:00Z').filter((post) =>
      post.startsWith('2026'),
    )
    expect(posts).toHaveLength(365)
    for (const post of posts) {
      const [day, shown] = post.split(' ')
      expect(`${day} ${shown}`).toBe(`${day} ${others[day!] ?? time}`)
    }
    expect(new Set(posts.map((post) => post.slice(0, 10))).size).toBe(365)
  })

  test('a time that comes twice counts once, the first time', () => {
    const schedule = { time: { hour: 2, minute: 30 }, zone: 'Europe/Berlin', days: everyDay, since: 0 }
    const day = { from: '2026-10-25T00:00+02:00', to: '2026-10-25T23:00+01:00' }
    const settled = new Set(['2026-10-24'])
    expect(due(schedule, settled, ms('2026-10-25T02:29+02:00')).post).toBeUndefined()
    expect(due(schedule, settled, ms('2026-10-25T02:30+02:00')).post?.day).toBe('2026-10-25')
    expect(played({ ...schedule, since: ms(day.from) }, day.from, day.to)).toEqual(['2026-10-25 02:30'])
  })

  test('a day that the calendar skips has no post, and its neighbours keep theirs', () => {
    const schedule = { time: { hour: 9, minute: 0 }, zone: 'Pacific/Apia', days: everyDay, since: 0 }
    const since = ms('2011-12-28', 'Pacific/Apia')
    expect(played({ ...schedule, since }, '2011-12-28T12:00Z', '2012-01-01T12:00Z')).toEqual([
      '2011-12-28 09:00',
      '2011-12-29 09:00',
      '2011-12-31 09:00',
      '2012-01-01 09:00',
    ])
  })

  test('a time skipped at the end of a day is posted once, when the next day begins', () => {
    const schedule = {
      time: { hour: 23, minute: 30 },
      zone: 'America/Nuuk',
      days: everyDay,
      since: ms('2024-03-29T12:00'),
    }
    expect(played(schedule, '2024-03-29T12:00Z', '2024-04-02T12:00Z')).toEqual([
      '2024-03-29 23:30',
      '2024-03-31 00:00',
      '2024-04-01 23:30',
    ])
  })

  test('only on the chosen days of the week', () => {
    const schedule = {
      time: { hour: 18, minute: 0 },
      zone: 'Asia/Tokyo',
      days: [1, 5],
      since: ms('2026-06-01'),
    }
    expect(played(schedule, '2026-06-01T00:00Z', '2026-06-13T00:00Z')).toEqual([
      '2026-06-01 18:00',
      '2026-06-05 18:00',
      '2026-06-08 18:00',
      '2026-06-12 18:00',
    ])
  })
})

describe('when the bot was down', () => {
  const zone = 'Europe/Paris'
  const schedule = { time: { hour: 9, minute: 0 }, zone, days: everyDay, since: ms('2026-05-01', zone) }

  test('what was missed is posted while its day is not over', () => {
    const settled = new Set(['2026-05-09'])
    expect(due(schedule, settled, ms('2026-05-10T23:59', zone)).post?.day).toBe('2026-05-10')
  })

  test('what was missed on earlier days is reported, until it is settled', () => {
    const settled = new Set(['2026-05-09'])
    const later = ms('2026-05-12T08:00', zone)
    const found = due(schedule, settled, later)
    expect(found.post).toBeUndefined()
    expect(found.missed.map(({ day }) => day)).toEqual(['2026-05-10', '2026-05-11'])
    for (const { day } of found.missed) settled.add(day)
    expect(due(schedule, settled, later).missed).toEqual([])
  })

  test('after a long time, no more than a month is reported', () => {
    const { missed } = due(schedule, new Set(), ms('2027-01-01T12:00', zone))
    expect(missed.length).toBe(31)
  })

  test('nothing is due from before it was set up, today included', () => {
    const late = { ...schedule, since: ms('2026-05-20T15:00', zone) }
    expect(due(late, new Set(), ms('2026-05-20T16:00', zone))).toEqual({ missed: [] })
    expect(due(late, new Set(), ms('2026-05-21T09:00', zone)).post?.day).toBe('2026-05-21')
  })
})

test('a clock that jumps about, and any number of processes, never make two posts of a day', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('Europe/Berlin', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Pacific/Chatham', 'UTC'),
      fc.integer({ min: 0, max: 23 }),
      fc.array(fc.integer({ min: -3 * 1440, max: 3 * 1440 }), { minLength: 20, maxLength: 60 }),
      (zone, hour, jumps) => {
        const schedule = { time: { hour, minute: 30 }, zone, days: everyDay, since: ms('2026-03-01') }
        const settled = new Set<string>()
        let now = ms('2026-03-20')
        for (const jump of jumps) {
          now += jump * minute
          const { post, missed } = due(schedule, settled, now)
          for (const { day } of [...missed, ...(post ? [post] : [])]) {
            expect(settled.has(day)).toBe(false)
            settled.add(day)
          }
          expect(post?.day ?? localDay(now, zone)).toBe(localDay(now, zone))
          expect(post?.at ?? now).toBeLessThanOrEqual(now)
        }
      },
    ),
    examples(20),
  )
})

describe('the next post', () => {
  const schedule = { time: { hour: 9, minute: 0 }, zone: 'UTC', days: [3], since: 0 }
  test('is on the next chosen day', () => {
    expect(nextPost(schedule, new Set(), ms('2026-05-06T09:00Z'))).toEqual({
      day: '2026-05-13',
      at: ms('2026-05-13T09:00Z'),
    })
  })
  test('doesn’t exist if no day is chosen', () => {
    expect(nextPost({ ...schedule, days: [] }, new Set(), 0)).toBeUndefined()
  })
})
