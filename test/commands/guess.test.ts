import { describe, expect, test } from 'vitest'
import { guess } from '../../commands/guess.ts'
import { guessQuestion } from '../../commands/guess/records.ts'
import { scoreRecord } from '../../commands/scores/record.ts'
import { type Answer, labelsOf, picturesOf, textOf } from './harness.ts'
import { openHome } from './home.ts'
import { blankGallery } from './play.ts'

const { at, player, scope, services } = openHome([guess], { gallery: blankGallery })

describe('/guess', () => {
  async function asked(answer: Answer) {
    const { question } = answer.reply!.data as { question: string }
    const found = (await services().store.get(guessQuestion, scope(), [question]))!
    return { ...found, right: found.choices[found.answer]!, wrong: found.choices[(found.answer + 1) % 4]! }
  }

  test('tells nothing of the answer before, and everything after, to the player alone', async () => {
    const question = await player('Ada').run('guess')
    const { right, choices, unit } = await asked(question)
    expect(labelsOf(question).slice(0, 4)).toEqual(choices)
    const [picture] = picturesOf(question)
    expect(`${picture!.alt} ${picture!.name} ${textOf(question)}`).not.toContain(right)
    const answer = await player('Bob').press(question, right)
    expect(answer.visibility).toBe('person')
    expect(textOf(answer)).toContain(`Right, it is ${right}! That is worth 3 points.`)
    expect(textOf(answer)).toContain(`unit ${unit}`)
    expect(labelsOf(answer)).toEqual([`About ${right}`, 'Another one'])
  })

  test('answered twice, also at once, counts once: the first time', async () => {
    const question = await player('Ada').run('guess')
    const { right, wrong } = await asked(question)
    const answers = await Promise.all([right, right].map((name) => player('Ada').press(question, name)))
    const counted = answers.filter(({ reply }) => (reply!.data as { counted: boolean }).counted)
    expect(counted).toHaveLength(1)
    expect(textOf(await player('Ada').press(question, wrong))).toContain('the first answer counts. Right')
    const points = await services().store.list(scoreRecord, scope())
    expect(points.map(({ value }) => [value.person, value.points])).toEqual([['ada', 3]])
  })

  test('a hint costs a point once, tells neither name nor part of it, and comes before the answer', async () => {
    const ada = player('Ada')
    const question = await ada.run('guess')
    const { right } = await asked(question)
    const hint = await ada.press(question, /a word/)
    expect(textOf(hint).toLowerCase()).not.toContain(`word ${right} `)
    await ada.press(question, /a word/)
    expect(textOf(await ada.press(question, right))).toContain('worth 2 points')
    expect((await ada.press(question, /a picture/)).refused).toMatch(/You have answered already/)
  })

  test('streaks count right answers and days in a row', async () => {
    const ada = player('Ada')
    for (const day of ['04', '05', '06']) {
      at(`2026-05-${day}T10:00:00Z`)
      const question = await ada.run('guess')
      await ada.press(question, (await asked(question)).right)
    }
    at('2026-05-06T11:00:00Z')
    const question = await ada.run('guess')
    const answer = await ada.press(question, (await asked(question)).wrong)
    expect(textOf(answer)).toContain('Right in a row: 0 (best: 3)')
    expect(textOf(answer)).toContain('Days in a row: 3 (best: 3)')
  })
})
