import { describe, expect, test } from 'vitest'
import { guess } from '../../commands/guess.ts'
import { guessQuestion } from '../../commands/guess/records.ts'
import { scoreRecord } from '../../commands/scores/record.ts'
import { atLength } from '../examples.ts'
import { type Answer, inText, labelsOf, picturesOf, textOf } from './harness.ts'
import { openHome } from './home.ts'
import { blankGallery } from './play.ts'

const { at, player, scope, services, tableWith } = openHome([guess], { gallery: blankGallery })

describe('/guess', () => {
  async function asked(answer: Answer) {
    const { question } = answer.reply!.data as { question: string }
    const found = (await services().store.get(guessQuestion, scope(), [question]))!
    return { ...found, right: found.choices[found.answer]!, wrong: found.choices[(found.answer + 1) % 4]! }
  }

  test('tells nothing of the answer before, and everything after, to the player alone', async () => {
    const question = await player('Ada').run('guess', { round: 'look' })
    const { right, choices, unit } = await asked(question)
    expect(labelsOf(question).slice(0, 4)).toEqual(choices)
    const [picture] = picturesOf(question)
    expect(`${picture!.alt} ${picture!.name} ${textOf(question)}`).not.toMatch(inText(right))
    const answer = await player('Bob').press(question, right)
    expect(answer.visibility).toBe('person')
    expect(textOf(answer)).toContain(`Right, it is ${right}! That is worth 3 points.`)
    expect(textOf(answer)).toContain(`unit ${unit}`)
    expect(labelsOf(answer)).toEqual([`About ${right}`, 'Another one'])
  })

  test('answered twice, also at once, counts once: the first time', async () => {
    const question = await player('Ada').run('guess', { round: 'look' })
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
    // For some neurons every word would give the name away.
    let question = await ada.run('guess', { round: 'look' })
    while (!labelsOf(question).some((label) => /a word/.test(label)))
      question = await ada.run('guess', { round: 'look' })
    const { right } = await asked(question)
    const hint = await ada.press(question, /a word/)
    expect(textOf(hint).toLowerCase()).not.toContain(`word ${right} `)
    await ada.press(question, /a word/)
    expect(textOf(await ada.press(question, right))).toContain('worth 2 points')
    expect((await ada.press(question, /a picture/)).refused).toMatch(/You have answered already/)
  })

  test('four pictures that fire a neuron: which is it?', async () => {
    const question = await player('Ada').run('guess', { round: 'pictures' })
    const { right, unit } = await asked(question)
    expect(picturesOf(question)).toHaveLength(4)
    expect(
      picturesOf(question)
        .map(({ alt, name }) => `${alt} ${name}`)
        .join(' '),
    ).not.toMatch(inText(right))
    expect(services().catalogue.units.find((each) => each.unit === unit)!.name).toBe(right)
    expect(textOf(await player('Ada').press(question, right))).toContain(`Right, it is ${right}!`)
  })

  test('of four pictures one fires the neuron that is named, by what was measured', async () => {
    for (let round = 0; round < (atLength ? 5 : 2); round++) {
      const question = await player('Ada').run('guess', { round: 'which' })
      const { unit, answer, choices, right } = await asked(question)
      expect(choices).toEqual(['Picture 1', 'Picture 2', 'Picture 3', 'Picture 4'])
      const strengths = await Promise.all(
        picturesOf(question).map(
          async ({ bytes }) => (await services().engine.analyse(bytes)).strengths[unit]!,
        ),
      )
      expect(strengths.indexOf(Math.max(...strengths))).toBe(answer)
      const told = textOf(await player('Ada').press(question, right))
      expect(told).toContain(`Right, it is ${right}!`)
    }
  })

  test('only pictures that can be told are asked about', async () => {
    const { catalogue } = services()
    const told = catalogue.units
      .filter(({ certainty, sensitive }) => certainty !== 'unsure' && !sensitive)
      .slice(0, 9)
    const entry = (unit: number, recognised: number) => ({
      unit,
      recognised,
      file: 'a.webp',
      seed: 1,
      steps: 1,
      activation: 1,
      sigma: 1,
      percentile: 1,
      sensitive: false,
    })
    const gallery = {
      ...blankGallery,
      find: (unit: number) => entry(unit, told.some((each) => each.unit === unit) ? 1 : 0.2),
    }
    const hung = await tableWith([guess], { gallery })
    for (let round = 0; round < 6; round++) {
      const { question } = (await hung.person('Ada').run('guess', { round: 'look' })).reply!.data as {
        question: string
      }
      const { unit } = (await hung.services.store.get(guessQuestion, hung.person('Ada').origin.place, [
        question,
      ]))!
      expect(told.map((each) => each.unit)).toContain(unit)
    }
    await hung.close()
  })

  test('a kind of round that there are too few pictures for is replaced, and the answer says so', async () => {
    const { tuning: _, ...catalogue } = services().catalogue
    const bare = await tableWith([guess], { catalogue })
    const answer = await bare.person('Ada').run('guess', { round: 'pictures' })
    expect(textOf(answer)).toContain('I don’t have enough pictures for that kind of round')
    expect(answer.reply!.data).toMatchObject({ round: 'look' })
    await bare.close()
  })

  test('streaks count right answers and days in a row', async () => {
    const ada = player('Ada')
    for (const day of ['04', '05', '06']) {
      at(`2026-05-${day}T10:00:00Z`)
      const question = await ada.run('guess', { round: 'look' })
      await ada.press(question, (await asked(question)).right)
    }
    at('2026-05-06T11:00:00Z')
    const question = await ada.run('guess', { round: 'look' })
    const answer = await ada.press(question, (await asked(question)).wrong)
    expect(textOf(answer)).toContain('Right in a row: 0 (best: 3)')
    expect(textOf(answer)).toContain('Days in a row: 3 (best: 3)')
    expect(textOf(answer)).toContain('🧠 /guess 🟩🟩🟩🟥 3 of 4')
  })
})
