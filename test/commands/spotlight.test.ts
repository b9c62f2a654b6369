import { describe, expect, test } from 'vitest'
import { changeSetting } from '../../src/chat/community.ts'
import { ownerError } from '../../src/errors.ts'
import { spotlight } from '../../commands/spotlight.ts'
import { scoreRecord } from '../../commands/scores/record.ts'
import { postDueSpotlights, prepareSpotlights } from '../../commands/spotlight/post.ts'
import { answerRecord, askedRecord, scheduleRecord } from '../../commands/spotlight/records.ts'
import { amount, atLength } from '../examples.ts'
import { type Answer, buttonsOf, inText, labelsOf, picturesOf, runTasks, textOf } from './harness.ts'
import { openHome } from './home.ts'
import { blankGallery } from './play.ts'

const { at, player, posts, scope, services } = openHome([spotlight], { gallery: blankGallery })

const tick = (): Promise<void> => runTasks(services(), postDueSpotlights, prepareSpotlights)
const mod = (channel = 'general') => player('Mod', { channel, moderator: true })
const here = (time = '9:00', timezone = 'Europe/Berlin', more = {}) =>
  mod().run('spotlight here', { time, timezone, ...more })
/** A post treated as an answer, so that its buttons can be pressed. */
const asAnswer = (n = -1): Answer => ({
  visibility: 'channel',
  reply: posts().at(n)!.reply,
  refused: undefined,
  followUps: [],
  progress: [],
  message: { ...mod().origin.place, message: 'm' },
})
async function askedIn(answer: Answer) {
  const { question } = answer.reply!.data as { question: string }
  return (await services().store.get(askedRecord, scope(), [question]))!
}

describe('a schedule', () => {
  test('says when the next neuron comes, in the channel’s own time', async () => {
    at('2026-03-28T12:00:00Z')
    expect(textOf(await here())).toBe(
      'This channel gets a neuron every day at 09:00, Europe/Berlin. The next one comes on Sunday 29 March, at 09:00.',
    )
    expect(textOf(await mod().run('spotlight list'))).toContain('This channel: Every day at 09:00')
  })

  test.each([
    [{ time: 'soon', timezone: 'Europe/Berlin' }, /not a time of day/],
    [{ time: '9:00', timezone: 'Atlantis' }, /not a time zone/],
    [{ time: '9:00', timezone: 'Europe/Berlin', days: 'some' }, /not days of the week/],
  ])('what cannot be understood is said: %j', async (options, sentence) => {
    expect((await mod().run('spotlight here', options)).refused).toMatch(sentence)
  })

  test('is for moderators', async () => {
    const refused = await player('Ada').run('spotlight here', { time: '9:00', timezone: 'UTC' })
    expect(refused.refused).toBe('Only moderators can do this.')
  })

  test('time zones are offered while one types', async () => {
    const offered = await mod().complete('spotlight here', 'timezone', 'berl')
    expect(offered.map(({ value }) => value)).toEqual(['Europe/Berlin'])
  })

  test('posts once a local day through a week with a clock change, at its time', async () => {
    at('2026-03-27T12:00:00Z')
    await here()
    const seen: string[] = []
    const step = amount(15, 5)
    const within = (minute: number) => [6, 7, 8].includes((12 + Math.floor(minute / 60)) % 24)
    for (let minute = 0; minute < 7 * 24 * 60; minute += within(minute) ? step : 60) {
      at(new Date(Date.UTC(2026, 2, 27, 12, minute)).toISOString())
      const before = posts().length
      await tick()
      if (posts().length > before) seen.push(services().now().toISOString().slice(5, 16))
    }
    expect(seen).toEqual([
      '03-28T08:00',
      '03-29T07:00',
      '03-30T07:00',
      '03-31T07:00',
      '04-01T07:00',
      '04-02T07:00',
      '04-03T07:00',
    ])
  })

  test('what was missed while the bot was down comes late on its day, and is reported after it', async () => {
    at('2026-05-01T12:00:00Z')
    await here()
    at('2026-05-02T19:30:00Z')
    await tick()
    expect(posts()).toHaveLength(1)
    at('2026-05-04T22:30:00Z') // the 5th in Berlin, before nine
    await tick()
    await tick()
    expect(posts()).toHaveLength(2)
    expect(textOf(asAnswer())).toContain('missed the neuron of 2026-05-03, 2026-05-04')
  })

  const ahead = atLength ? 20 : 3
  test(`a clock that is ${ahead} days ahead for one tick silences it on no day`, async () => {
    const then = `05-${String(2 + ahead).padStart(2, '0')}`
    at('2026-05-01T12:00:00Z')
    await here('9:00', 'UTC')
    const wrong: string[] = []
    const right: string[] = []
    const tickAt = async (time: string, days: string[]) => {
      at(time)
      const before = posts().filter(({ reply }) =>
        reply.elements.some(({ kind }) => kind === 'gallery'),
      ).length
      await tick()
      const after = posts().filter(({ reply }) =>
        reply.elements.some(({ kind }) => kind === 'gallery'),
      ).length
      if (after > before) days.push(time.slice(5, 10))
    }
    await tickAt('2026-05-02T09:00:00Z', right)
    await tickAt(`2026-${then}T09:01:00Z`, wrong)
    for (let day = 2; day <= ahead + 4; day += 1)
      for (const time of ['08:59', '09:02', '21:00'])
        await tickAt(`2026-05-${String(day).padStart(2, '0')}T${time}:00Z`, right)
    // That day has had its neuron, if early.
    expect(wrong).toEqual([then])
    expect(right).toEqual(
      Array.from({ length: ahead + 3 }, (_, n) => `05-${String(n + 2).padStart(2, '0')}`).filter(
        (day) => day !== then,
      ),
    )
  })

  test('a clock that was ahead for one tick ends no question before its time', async () => {
    at('2026-05-01T12:00:00Z')
    await here('9:00', 'UTC')
    at('2026-05-02T09:00:00Z')
    await tick()
    const asked = asAnswer()
    at('2026-05-22T09:01:00Z')
    await tick()
    at('2026-05-02T09:05:00Z')
    const { choices, answer } = await askedIn(asked)
    expect(textOf(await player('Ada').press(asked, choices[answer]!))).toContain('That is worth 3 points')
  })

  test('off ends it', async () => {
    at('2026-05-01T12:00:00Z')
    await here()
    await mod().run('spotlight off')
    at('2026-05-02T12:00:00Z')
    await tick()
    expect(posts()).toEqual([])
    expect((await mod().run('spotlight off')).refused).toMatch(/There is no neuron of the day/)
  })

  test('the pictures are drawn at least an hour before', async () => {
    at('2026-05-01T12:00:00Z')
    await here()
    at('2026-05-02T05:55:00Z') // 7:55 in Berlin
    await tick()
    const asked = await services().store.list(askedRecord, scope())
    expect(asked).toHaveLength(1)
    expect(posts()).toEqual([])
  })

  test('a role is pinged where it was asked for', async () => {
    at('2026-05-01T12:00:00Z')
    await here('9:00', 'UTC', { ping_role: 'curious' })
    at('2026-05-02T09:00:00Z')
    await tick()
    expect(posts()[0]!.reply.pingRole).toBe('curious')
  })

  test('a channel that is gone pauses it, and who set it up is told once', async () => {
    const told: string[] = []
    const outbox = {
      ...services().outbox,
      post: () => Promise.reject(ownerError('not-found', 'The channel is gone.')),
      tell: async (place: { community: string }, person: string) =>
        void (place.community === scope().community && told.push(person)),
    }
    at('2026-06-01T12:00:00Z')
    await here()
    at('2026-06-02T12:00:00Z')
    await runTasks({ ...services(), outbox }, postDueSpotlights)
    await runTasks({ ...services(), outbox }, postDueSpotlights)
    expect(told).toEqual(['mod'])
    expect(textOf(await mod().run('spotlight list'))).toContain('Paused: The channel is gone.')
    at('2026-06-02T12:01:00Z')
    await here('12:02', 'UTC')
    at('2026-06-02T12:02:00Z')
    await tick()
    expect(posts()).toHaveLength(1)
  })
})

describe('a question', () => {
  async function posted(language?: 'de'): Promise<Answer> {
    at('2026-07-01T12:00:00Z')
    if (language) await changeSetting(services().store, scope(), 'language', language)
    await here('9:00', 'UTC')
    at('2026-07-02T09:00:00Z')
    await tick()
    return asAnswer()
  }

  test('shows pictures and four names, and nothing in it tells which is right', async () => {
    const post = await posted()
    const { unit, answer, choices } = await askedIn(post)
    expect(labelsOf(post)).toEqual(choices)
    expect(new Set(choices).size).toBe(4)
    const name = choices[answer]!
    const said = [
      ...picturesOf(post).flatMap((picture) => [picture.alt, picture.name]),
      ...buttonsOf(post).map(({ id }) => id),
      textOf(post),
    ].join('\n')
    expect(said).not.toMatch(inText(name))
    for (const { id } of buttonsOf(post)) expect(id.split('/').slice(3)).not.toContain(String(unit))
    expect(picturesOf(post)).toHaveLength(3)
  })

  test('the answer comes to the person alone with the story; the first one counts, once', async () => {
    const post = await posted()
    const { choices, answer } = await askedIn(post)
    const ada = player('Ada')
    const [right, again] = await Promise.all([
      ada.press(post, choices[answer]!),
      ada.press(post, choices[answer]!),
    ])
    expect([right.visibility, again.visibility]).toEqual(['person', 'person'])
    const verdicts = [textOf(right), textOf(again)].sort()
    expect(verdicts[0]).toMatch(/^Right! It is .+ That is worth 3 points\./)
    expect(verdicts[1]).toMatch(/^You have already answered, and the first answer counts\. Right!/)
    expect(picturesOf(right).length).toBeGreaterThanOrEqual(2)
    const other = await ada.press(post, choices[(answer + 1) % 4]!)
    expect(textOf(other)).toMatch(/^You have already answered, and the first answer counts\. Right!/)
    const bob = await player('Bob').press(post, choices[(answer + 1) % 4]!)
    expect(textOf(bob)).toContain(`You said ${choices[(answer + 1) % 4]}. It is ${choices[answer]}, unit`)

    expect(await services().store.list(answerRecord, scope())).toHaveLength(2)
    const scores = await services().store.list(scoreRecord, scope())
    expect(scores.map(({ value }) => [value.person, value.points])).toEqual([['ada', 3]])
  })

  test('the next day’s post tells it; from then on an answer no longer counts', async () => {
    const first = await posted()
    const { choices, answer, unit } = await askedIn(first)
    await player('Ada').press(first, choices[answer]!)
    await player('Bob').press(first, choices[(answer + 1) % 4]!)
    at('2026-07-03T09:00:00Z')
    await tick()
    expect(posts()).toHaveLength(2)
    expect(textOf(asAnswer())).toContain(
      `The last one was ${choices[answer]} (unit ${unit}). 1 of 2 found it.`,
    )
    const late = await player('Eve').press(first, choices[answer]!)
    expect(textOf(late)).toMatch(/^The answer is already out, so this one does not count\./)
    expect((await askedIn(asAnswer())).unit).not.toBe(unit)
  })

  test('speaks the language of the community', async () => {
    expect(textOf(await posted('de'))).toContain('Wie heißt es?')
  })

  test('a community sees no neuron twice before it has seen all, in whatever channel', async () => {
    at('2026-07-01T12:00:00Z')
    const units = new Set<number>()
    for (let n = 0; n < 20; n += 1) {
      const shown = await mod(`channel-${n % 3}`).run('spotlight now')
      const { unit } = await askedIn(shown)
      expect(services().catalogue.units.find((each) => each.unit === unit)).toMatchObject({
        sensitive: false,
      })
      units.add(unit)
    }
    expect(units.size).toBe(20)
  })
})

test('one community’s schedules and questions are nobody else’s', async () => {
  at('2026-08-01T12:00:00Z')
  await here()
  const elsewhere = { platform: 'playground', community: 'elsewhere' }
  expect(await services().store.list(scheduleRecord, elsewhere)).toEqual([])
})
