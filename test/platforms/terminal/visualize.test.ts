import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pino } from 'pino'
import sharp from 'sharp'
import { afterAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/jobs/in-process.ts'
import { createCatalogue } from '../../../src/neurons/catalogue.ts'
import { type VisualizeFlags, visualizeUnit } from '../../../src/platforms/terminal/visualize.ts'
import { atLength } from '../../examples.ts'
import { pocketPack } from '../../pocket-pack.ts'

const pack = await pocketPack()
const catalogue = createCatalogue(pack)
const log = pino({ level: 'silent' })
const engine = await createEngine({ pack, provider: 'cpu', threads: 1, queueLimit: 9, log })
afterAll(() => engine.close())

/** What is printed. */
async function visualize(typed: string, flags: VisualizeFlags, signal = new AbortController().signal) {
  const [output, errors] = [new PassThrough(), new PassThrough()]
  const streams = { input: new PassThrough(), output, errors }
  await visualizeUnit(typed, { steps: '4', size: '32', ...flags }, { engine, catalogue }, { streams, signal })
  output.end()
  return text(output)
}

describe('neuron-games visualize', () => {
  test.runIf(atLength)('prints nothing but JSON when asked for it', async () => {
    expect(JSON.parse(await visualize('58', { json: true }))).toEqual({
      unit: 58,
      steps: 4,
      seconds: expect.any(Number),
      activation: expect.any(Number),
      sigma: expect.any(Number),
      percentile: expect.any(Number),
    })
  })

  test('takes a name, and writes the picture to a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'visualize-'))
    for (const format of ['png', 'webp']) {
      const out = join(folder, `spider.${format}`)
      const printed = await visualize('spider', { out, facet: 'drawing', seed: '3' })
      expect(printed).toMatch(
        /^Unit 58, spider: .* sigma, stronger than .* % of the probe pictures, after 4 steps/,
      )
      expect(await sharp(out).metadata()).toMatchObject({ format, width: 32, height: 32 })
    }
  })

  test.each([
    ['no such thing', {}, 'No unit is called "no such thing"; give a number or a name.'],
    ['spider', { steps: 'many' }, '--steps must be a whole number, not "many".'],
    ['spider', { size: '1000' }, 'The size must be a whole number from 32 to 512.'],
    ['4000', {}, 'A unit must be a whole number from 0 to 1023.'],
    ['spider', { facet: 'pose' }, 'This model has no facet "pose"; its facets are drawing, photo, word.'],
    [
      'spider',
      { out: '/nowhere/spider.png' },
      '/nowhere/spider.png cannot be written; please name a file in a folder that is there.',
    ],
  ])('says in one sentence what is wrong: %s %j', async (typed, flags, message) => {
    await expect(visualize(typed, flags)).rejects.toMatchObject({ code: 'bad-option', message })
  })

  test('is stopped by an interrupt', async () => {
    const interrupt = new AbortController()
    setTimeout(() => interrupt.abort(), 300)
    await expect(visualize('spider', { steps: '2048' }, interrupt.signal)).rejects.toMatchObject({
      code: 'cancelled',
    })
  })
})

describe.runIf(atLength)('the engine', () => {
  const request = { direction: [{ unit: 58, weight: 1 }], size: 32 }

  test('shows a picture as it grows, and gives the same one for the same seed', async () => {
    const seen: number[] = []
    const made = await engine.visualize(
      { ...request, steps: 5, seed: 9 },
      { onProgress: ({ step, picture }) => seen.push(step, picture.width) },
    )
    expect(seen.slice(-2)).toEqual([5, 32])
    expect(made).toMatchObject({ steps: 5, provider: 'cpu', picture: { width: 32, height: 32 } })
    expect((await engine.visualize({ ...request, steps: 5, seed: 9 })).picture).toEqual(made.picture)
  })

  test('keeps what it has when the time is up', async () => {
    const { steps } = await engine.visualize({ ...request, steps: 2048, budgetMs: 300 })
    expect(steps).toBeLessThan(2048)
  })
})
