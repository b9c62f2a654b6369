import { readFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Pack } from '../../src/clip/pack.ts'
import type { RawPicture } from '../../src/pictures/picture.ts'
import type { Engine, Provider } from '../../src/jobs/engine.ts'
import { meansOf } from '../../src/clip/means.ts'
import { heatMapOf } from '../../src/neurons/heat-map.ts'
import { deviationsOf, strengthsOf } from '../../src/neurons/strength.ts'
import { amount, atLength } from '../examples.ts'
import { pocketPack } from '../pocket-pack.ts'
import { noise, packFolder } from './noise.ts'

export interface EngineUnderTest {
  readonly name: string
  /** What drawings run on, if not on what encodes. */
  readonly drawsOn?: Provider
  /** Whether `npm test` can skip what it shares with the engine in one process, where that is tested. */
  readonly shared?: readonly ('drawing' | 'line')[]
  /** An engine of its own for each call, over the pocket pack. */
  readonly create: (pack: Pack, options: { readonly queueLimit: number }) => Promise<Engine>
}

const noises = (count: number): Promise<Buffer[]> =>
  Promise.all(Array.from({ length: count }, (_, i) => noise(i)))
/** The largest difference between two numbers at the same place. */
const furthest = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)
const outcomes = async (promises: readonly Promise<unknown>[]) => {
  const settled = await Promise.allSettled(promises)
  return settled.map((one) => (one.status === 'fulfilled' ? 'done' : (one.reason as { code?: string }).code))
}

/** What every engine does, whatever it runs on. */
export function testEngine({ name, drawsOn, shared = [], create }: EngineUnderTest): void {
  const draws = atLength || !shared.includes('drawing')
  const queues = atLength || !shared.includes('line')
  describe(`engine: ${name}`, () => {
    let pack: Pack
    let engine: Engine
    /** The pack's self-test: a picture of the model's own size, and what must come of it. */
    let known: { picture: RawPicture; embedding: number[] }
    const others: Engine[] = []
    const another = async (queueLimit: number): Promise<Engine> => {
      const one = await create(pack, { queueLimit })
      others.push(one)
      return one
    }

    beforeAll(async () => {
      pack = await pocketPack()
      engine = await create(pack, { queueLimit: 256 })
      const { rgb, embedding } = JSON.parse(await readFile(`${packFolder}/self-test.json`, 'utf8'))
      const { side } = pack.facts.picture
      known = { picture: { width: side, height: side, data: Buffer.from(rgb, 'base64') }, embedding }
    })
    afterAll(() => engine.close())
    afterEach(async () => {
      await Promise.all(others.splice(0).map((one) => one.close()))
    })

    describe('a picture', () => {
      test('becomes strengths in sigma and an embedding, without maps that were not asked for', async () => {
        const analysis = await engine.analyse(known.picture)
        expect(analysis.maps).toMatchObject({ units: [], data: new Float32Array() })
        expect(analysis.strengths).toHaveLength(pack.facts.tap.channels)
        expect(Math.min(...analysis.strengths)).toBeGreaterThanOrEqual(0)
        expect(Math.min(...analysis.deviations)).toBeLessThan(0)
        const off = analysis.embedding.map((value, i) => Math.abs(value - known.embedding[i]!))
        expect(Math.max(...off)).toBeLessThan(0.005)
        expect(analysis.provider).toBe(engine.status().provider)
        expect(await engine.ready()).toBe(true)
        expect(analysis.modelMs).toBeGreaterThan(0)
      })

      test('has the whole map if that is asked for, and the strengths are its means', async () => {
        const {
          channels,
          map: [height, width],
        } = pack.facts.tap
        const { maps, strengths, deviations } = await engine.analyse(known.picture, { maps: 'all' })
        expect(maps.data).toHaveLength(channels * height * width)
        // The model computes the means itself, in float32 and in another order, so the last digits differ.
        const means = meansOf({ ...maps, channels })
        expect(furthest(strengths, strengthsOf(means, pack.baseline))).toBeLessThan(1e-4)
        expect(furthest(deviations, deviationsOf(means, pack.baseline))).toBeLessThan(1e-4)
      })

      test('has the maps of what is shown, and numbers that don’t depend on that', async () => {
        const picture = await noise(6)
        const options = { alone: true }
        const whole = await engine.analyse(picture, { ...options, maps: 'all' })
        const byStrength = [...whole.strengths.keys()].sort(
          (a, b) => whole.strengths[b]! - whole.strengths[a]!,
        )
        const [hidden, ...firing] = byStrength as [number, ...number[]]
        const wanted = { strongest: 3, inhibited: 2, without: [hidden] }
        const some = await engine.analyse(picture, { ...options, maps: wanted })
        expect(some.maps.units).toHaveLength(5)
        expect(some.maps.units.slice(0, 3)).toEqual(firing.slice(0, 3))
        for (const unit of some.maps.units)
          expect(heatMapOf(some.maps, unit)).toEqual(heatMapOf(whole.maps, unit))
        const none = await engine.analyse(picture, options)
        for (const one of [some, none])
          for (const name of ['strengths', 'deviations', 'embedding'] as const)
            expect(one[name]).toEqual(whole[name])
      })

      test('comes back whole, with its facts, no larger than 720 px', async () => {
        const { facts, preview } = await engine.analyse(await noise(1, { width: 1000, height: 500 }))
        expect(facts).toMatchObject({ format: 'png', width: 1000, height: 500, animated: false })
        expect(facts.crop).toEqual({ left: 250, top: 0, side: 500 })
        expect([preview.width, preview.height, preview.data.length]).toEqual([720, 360, 720 * 360 * 3])
      })

      test('gives the same as a file and as pixels', async () => {
        const { width, height, data } = known.picture
        const file = await sharp(data, { raw: { width, height, channels: 3 } })
          .png()
          .toBuffer()
        const [one, other] = [await engine.analyse(file), await engine.analyse(known.picture)]
        expect(one.embedding).toEqual(other.embedding)
      })

      test('is left intact for its owner', async () => {
        const file = await noise(2)
        const before = Buffer.from(file)
        await engine.analyse(file)
        expect(file.equals(before)).toBe(true)
        await engine.analyse(known.picture)
        expect(known.picture.data.length).toBeGreaterThan(0)
      })

      test('that cannot be read is reported to its owner, and the next one is served', async () => {
        const text = Buffer.from('this is not a picture')
        await expect(engine.analyse(text)).rejects.toMatchObject({ name: 'UserError', code: 'bad-picture' })
        await expect(engine.classify(text, ['cat'])).rejects.toMatchObject({ code: 'bad-picture' })
        await expect(engine.analyse(await noise(3))).resolves.toBeDefined()
      })

      test('run alone gives exactly the same numbers again, even among many others', async () => {
        const picture = await noise(4)
        const first = await engine.analyse(picture, { alone: true, maps: 'all' })
        const crowd = (await noises(amount(6, 12))).map((other) => engine.analyse(other))
        const again = await engine.analyse(picture, { alone: true, maps: 'all' })
        await Promise.all(crowd)
        expect(isDeepStrictEqual(again.maps, first.maps)).toBe(true)
        expect(again.embedding).toEqual(first.embedding)
      })
    })

    describe('labels', () => {
      test('share the probability, in the order given', async () => {
        const labels = ['spider', 'train', 'heart', 'spider']
        const { scores } = await engine.classify(await noise(5), labels)
        expect(scores.map(({ label }) => label)).toEqual(labels)
        expect(scores.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1)
        expect(scores[3]).toEqual(scores[0])
      })

      test('are carried by units: their shares, if asked for, add up to the similarity', async () => {
        const labels = ['heart', 'spider', 'train']
        const { scores, shares, strengths } = await engine.classify(known.picture, labels, {
          explain: (scored) => [scored[2]!.label, scored[1]!.label],
        })
        expect(shares).toHaveLength(2)
        for (const [row, label] of [2, 1].entries()) {
          expect(shares![row]).toHaveLength(strengths.length)
          const sum = shares![row]!.reduce((total, value) => total + value, 0)
          expect(sum).toBeCloseTo(scores[label]!.similarity, 5)
        }
        expect((await engine.classify(known.picture, labels)).shares).toBeUndefined()
      })

      test('give the same if they were loaded ahead of time', async () => {
        const labels = ['spider', 'train', 'crocus']
        const { scores } = await engine.classify(known.picture, labels)
        const ahead = [...labels]
        await engine.loadLabels(ahead)
        expect((await engine.classify(known.picture, ahead)).scores).toEqual(scores)
      })

      test('are 1 to 5,000', async () => {
        await expect(engine.classify(known.picture, [])).rejects.toMatchObject({ code: 'bad-option' })
        const many = Array.from({ length: 5001 }, (_, i) => pack.vocabulary[i % 100]!.text)
        await expect(engine.classify(known.picture, many)).rejects.toMatchObject({ code: 'bad-option' })
        const { scores } = await engine.classify(known.picture, many.slice(0, 5000))
        expect(scores).toHaveLength(5000)
      })
    })

    describe.runIf(draws)('a visualisation', () => {
      const request = {
        direction: [{ unit: 7, weight: 1 }],
        steps: amount(2, 12),
        size: amount(32, 64),
        seed: 3,
      }

      test('is drawn for a unit, the same each time for the same seed, and measured', async () => {
        const [first, again] = [await engine.visualize(request), await engine.visualize(request)]
        const { size, steps } = request
        expect([first.picture.width, first.picture.height, first.steps]).toEqual([size, size, steps])
        expect(first.picture.data).toHaveLength(size * size * 3)
        expect(again.picture).toEqual(first.picture)
        expect(first.sigma).toBeGreaterThanOrEqual(0)
        expect(first.sigma).toBeCloseTo(first.activation / pack.baseline.after.rms[7]!, 4)
        expect(first.provider).toBe(drawsOn ?? engine.status().provider)
      })

      test('is shown while it grows, up to the end', async () => {
        const steps: number[] = []
        const onProgress = ({ step }: { readonly step: number }): void => void steps.push(step)
        await engine.visualize(request, { onProgress })
        expect(steps.at(-1)).toBe(request.steps)
        expect(steps).toEqual([...steps].sort((a, b) => a - b))
      })

      test('of a unit that doesn’t exist is refused in one sentence', async () => {
        const direction = [{ unit: 1_000_000, weight: 1 }]
        await expect(engine.visualize({ direction })).rejects.toMatchObject({ code: 'bad-option' })
      })

      test('that is no longer wanted stops, and the next one is drawn', async () => {
        const controller = new AbortController()
        const onPlace = (place: number): void => {
          if (place === 0) setTimeout(() => controller.abort(), 100)
        }
        const long = engine.visualize({ ...request, steps: 2048 }, { signal: controller.signal, onPlace })
        expect(await outcomes([long])).toEqual(['cancelled'])
        await expect(engine.visualize(request)).resolves.toMatchObject({ steps: request.steps })
      })
    })

    describe('many at once', () => {
      test('get what each would get by itself', async () => {
        const pictures = await noises(amount(8, 40))
        const together = await Promise.all(pictures.map((picture) => engine.analyse(picture)))
        for (const [i, picture] of pictures.slice(0, 8).entries()) {
          const single = await engine.analyse(picture, { alone: true })
          const off = single.strengths.map((value, unit) => Math.abs(value - together[i]!.strengths[unit]!))
          expect(Math.max(...off)).toBeLessThan(1e-3)
        }
      })

      test.runIf(queues)(
        'are told their place in line, which only goes down, and 0 when it is their turn',
        async () => {
          const pictures = await noises(amount(30, 60))
          const places = pictures.map((): number[] => [])
          await Promise.all(
            pictures.map((picture, i) =>
              engine.analyse(picture, { onPlace: (place) => places[i]!.push(place) }),
            ),
          )
          for (const told of places) {
            expect(told.at(-1)).toBe(0)
            expect(told).toEqual([...new Set(told)].sort((a, b) => b - a))
          }
          expect(Math.max(...places.flat())).toBeGreaterThan(5)
        },
      )

      test.runIf(queues)('from one person do not keep another waiting', async () => {
        // Whose turn it was, in order: several then run at once, and end in any order.
        const turns: string[] = []
        const pictures = await noises(25)
        await Promise.all(
          pictures.map((picture, i) => {
            const person = i === pictures.length - 1 ? 'ann' : 'bob'
            const onPlace = (place: number) => void (place === 0 && turns.push(person))
            return engine.analyse(picture, { requester: { community: 'home', person }, onPlace })
          }),
        )
        expect(turns).toHaveLength(pictures.length)
        expect(turns.indexOf('ann')).toBeLessThan(20)
      })

      test.runIf(queues)('are refused at once beyond the limit; the others are served', async () => {
        const small = await another(4)
        const pictures = await noises(40)
        const results = await outcomes(pictures.map((picture) => small.analyse(picture)))
        expect(new Set(results)).toEqual(new Set(['done', 'busy']))
        expect(results.slice(0, 5)).toEqual(Array(5).fill('done'))
        expect(await outcomes([small.analyse(pictures[0]!)])).toEqual(['done'])
      })

      test.runIf(queues)('are counted', async () => {
        const count = amount(24, 40)
        const busy = (await noises(count)).map((picture) => engine.analyse(picture))
        const { waiting, running } = engine.status()
        expect(waiting + running).toBe(count)
        expect(waiting).toBeGreaterThan(0)
        await Promise.all(busy)
        expect(engine.status()).toMatchObject({ waiting: 0, running: 0 })
      })
    })

    describe('a request that is no longer wanted', () => {
      test('is cancelled before it begins', async () => {
        const signal = AbortSignal.abort()
        expect(await outcomes([engine.analyse(known.picture, { signal })])).toEqual(['cancelled'])
        expect(await outcomes([engine.loadLabels(['newt'], { signal })])).toEqual(['cancelled'])
      })

      test.runIf(queues)('leaves the line, so those behind it move up', async () => {
        const half = amount(12, 20)
        const pictures = await noises(2 * half)
        const controllers = pictures.map(() => new AbortController())
        const running = pictures.map((picture, i) =>
          engine.analyse(picture, { signal: controllers[i]!.signal }),
        )
        const before = engine.status().waiting
        for (const [i, controller] of controllers.entries()) if (i % 2 === 1) controller.abort()
        expect(engine.status().waiting).toBeLessThan(before)
        const results = await outcomes(running)
        expect(results.filter((_, i) => i % 2 === 0)).toEqual(Array(half).fill('done'))
        expect(results.filter((_, i) => i % 2 === 1)).toEqual(Array(half).fill('cancelled'))
      })

      test('is cancelled at once while it runs', async () => {
        const controller = new AbortController()
        const onPlace = (place: number): void => {
          if (place === 0) queueMicrotask(() => controller.abort())
        }
        const result = engine.classify(known.picture, ['newt'], { signal: controller.signal, onPlace })
        expect(await outcomes([result])).toEqual(['cancelled'])
        await expect(engine.analyse(known.picture)).resolves.toBeDefined()
      })
    })

    test.runIf(queues)(
      'closing finishes what is running, cancels what is waiting, and refuses what is new',
      async () => {
        const closing = await another(256)
        const running = (await noises(amount(24, 61))).map((picture) => closing.analyse(picture))
        const results = outcomes(running)
        await closing.close()
        const ends = await results
        expect(ends[0]).toBe('done')
        expect(ends.at(-1)).toBe('cancelled')
        expect(new Set(ends)).toEqual(new Set(['done', 'cancelled']))
        expect(await outcomes([closing.analyse(known.picture)])).toEqual(['cancelled'])
      },
    )
  })
}
