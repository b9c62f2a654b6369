import type { Worker } from 'node:worker_threads'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Pack } from '../../src/clip/pack.ts'
import { createEngine } from '../../src/jobs/in-process.ts'
import { VisualizationThread } from '../../src/jobs/visualization-thread.ts'
import { Gate } from '../../src/threads/gate.ts'
import { amount, atLength, some } from '../examples.ts'
import { pocketPack } from '../pocket-pack.ts'
import { testEngine } from './engine.contract.ts'
import { noise } from './noise.ts'

const create = (pack: Pack, { queueLimit }: { queueLimit: number }) =>
  createEngine({ pack, provider: 'cpu', threads: 2, queueLimit, log: pino({ level: 'silent' }) })

/** A message that the thread library cannot read brings a thread down from within, in the middle of its next job. */
const kill = (thread: Worker): void => thread.postMessage(undefined)

testEngine({ name: 'in this process', create })

describe('a thread that dies', () => {
  /** Every thread that this process starts, the model's first. */
  const threads: Worker[] = []
  const remember = (thread: Worker): void => void threads.push(thread)
  beforeEach(() => {
    threads.length = 0
    process.on('worker', remember)
  })
  afterEach(() => {
    process.off('worker', remember)
  })

  const places: [string, number][] = [
    ['the model’s', 0],
    ['one that decodes', 1],
  ]
  test.each(some(1, places))('%s: everybody is still served', async (_, thread) => {
    const engine = await create(await pocketPack(), { queueLimit: 256 })
    const pictures = await Promise.all(Array.from({ length: amount(8, 40) }, (_, i) => noise(i)))
    // The model's is loaded after the first; by then the decoding threads have nothing left to do.
    if (thread === 0) await engine.analyse(pictures[0]!)
    const running = pictures.map((picture) => engine.analyse(picture))
    kill(threads[thread]!)
    const results = await Promise.all(running)
    expect(threads).toHaveLength(4)
    const [first, again] = [results[3]!, await engine.analyse(pictures[3]!, { alone: true })]
    const off = first.strengths.map((value, unit) => Math.abs(value - again.strengths[unit]!))
    expect(Math.max(...off)).toBeLessThan(1e-3)
    await engine.close()
  })

  test.runIf(atLength)(
    'a request that brought down two threads is given up, and the next one is served',
    async () => {
      const engine = await create(await pocketPack(), { queueLimit: 256 })
      let deadly = true
      // Every new thread of the model dies as soon as it is ready and has been handed the request.
      const onThread = (thread: Worker): void =>
        void thread.once('message', () => {
          if (deadly) kill(thread)
        })
      process.on('worker', onThread)
      kill(threads[0]!)
      const poison = engine.analyse(await noise(1))
      await expect(poison).rejects.toThrow('A thread ended in the middle of a job')
      deadly = false
      process.off('worker', onThread)
      await expect(engine.analyse(await noise(2))).resolves.toBeDefined()
      expect(threads).toHaveLength(5)
      await engine.close()
    },
  )
})

test.runIf(atLength)(
  'a visualisation holds back while pictures are computed: one step in a tenth of a second',
  async () => {
    const gate = new Gate()
    gate.shut = true
    const drawings = new VisualizationThread({
      pack: await pocketPack(),
      threads: 1,
      gate,
      onDeath: ({ message }) => expect.fail(message),
    })
    const steps = amount(3, 8)
    const start = performance.now()
    await drawings.visualize({ direction: [{ unit: 7, weight: 1 }], steps, size: 32 }, 'cpu', {})
    expect(performance.now() - start).toBeGreaterThan(steps * 95)
    await drawings.close(0)
  },
)
