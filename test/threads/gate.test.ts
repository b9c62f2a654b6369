import { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { Gate } from '../../src/threads/gate.ts'

/** Nobody waits this long. */
const longMs = 600_000

const timed = (run: () => void): number => {
  const start = performance.now()
  run()
  return performance.now() - start
}

describe('a gate', () => {
  test('holds nobody up while it is open', () => {
    const gate = new Gate()
    expect(timed(() => gate.pass(longMs))).toBeLessThan(longMs)
    gate.shut = true
    gate.shut = false
    expect(timed(() => gate.pass(longMs))).toBeLessThan(longMs)
  })

  test('when shut, holds up a thread that knows its memory, but not forever', () => {
    const gate = new Gate()
    gate.shut = true
    expect(timed(() => new Gate(gate.memory).pass(100))).toBeGreaterThan(90)
  })

  test('lets a waiting thread through as soon as another opens it', async () => {
    const gate = new Gate()
    gate.shut = true
    const opener = new Worker(
      `const shut = new Int32Array(require('worker_threads').workerData)
       setTimeout(() => { Atomics.store(shut, 0, 0); Atomics.notify(shut, 0) }, 200)`,
      { eval: true, workerData: gate.memory },
    )
    expect(timed(() => gate.pass(longMs))).toBeLessThan(longMs)
    await opener.terminate()
  })
})
