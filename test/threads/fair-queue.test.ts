import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FairQueue } from '../../src/threads/fair-queue.ts'

interface Item {
  readonly requester: string
  readonly number: number
}

/** Any sequence of comings and goings: a requester's name pushes, null serves. */
const events = fc.array(fc.option(fc.constantFrom('ann', 'bob', 'cat', 'dan'), { freq: 3 }), {
  maxLength: 60,
})

function fill(queue: FairQueue<Item>, requesters: readonly string[]): Item[] {
  const items = requesters.map((requester, number) => ({ requester, number }))
  for (const item of items) queue.push([item.requester], item)
  return items
}

function drain<T>(queue: FairQueue<T>): T[] {
  const served: T[] = []
  while (queue.size > 0) served.push(queue.shift()!)
  return served
}

describe('requesters take turns', () => {
  test('someone who brings many waits between the others', () => {
    const queue = new FairQueue<Item>()
    fill(queue, ['ann', 'ann', 'ann', 'ann', 'bob', 'cat', 'bob'])
    const order = drain(queue).map(({ requester }) => requester)
    expect(order).toEqual(['ann', 'bob', 'cat', 'ann', 'bob', 'ann', 'ann'])
  })

  test('an empty queue gives nothing', () => {
    expect(new FairQueue().shift()).toBeUndefined()
  })

  test('everything is served once, and in order for each requester', () => {
    fc.assert(
      fc.property(events, (sequence) => {
        const queue = new FairQueue<Item>()
        const served: Item[] = []
        let number = 0
        for (const requester of sequence) {
          if (requester) queue.push([requester], { requester, number: number++ })
          else if (queue.size > 0) served.push(queue.shift()!)
        }
        served.push(...drain(queue))
        expect(served.map((item) => item.number).sort((a, b) => a - b)).toEqual([...Array(number).keys()])
        for (const name of new Set(served.map(({ requester }) => requester))) {
          const own = served.filter(({ requester }) => requester === name).map((item) => item.number)
          expect(own).toEqual([...own].sort((a, b) => a - b))
        }
      }),
    )
  })

  test('nobody is served twice while someone else keeps waiting', () => {
    fc.assert(
      fc.property(events, (sequence) => {
        const queue = new FairQueue<Item>()
        const waiting = new Map<string, number>()
        /** For each one waiting: whom the queue has served since that wait began. */
        const overtakenBy = new Map<string, string[]>()
        let number = 0
        for (const requester of sequence) {
          if (requester) {
            queue.push([requester], { requester, number: number++ })
            if (!waiting.get(requester)) overtakenBy.set(requester, [])
            waiting.set(requester, (waiting.get(requester) ?? 0) + 1)
          } else if (queue.size > 0) {
            const served = queue.shift()!.requester
            waiting.set(served, waiting.get(served)! - 1)
            for (const [name, others] of overtakenBy) if (name !== served) others.push(served)
            if (waiting.get(served)! > 0) overtakenBy.set(served, [])
            else overtakenBy.delete(served)
          }
          for (const others of overtakenBy.values()) expect(new Set(others).size).toBe(others.length)
        }
      }),
    )
  })

  test('its order says in advance who is served when', () => {
    fc.assert(
      fc.property(events, (sequence) => {
        const queue = new FairQueue<Item>()
        let number = 0
        for (const requester of sequence) {
          if (requester) queue.push([requester], { requester, number: number++ })
          else queue.shift()
        }
        const foretold = [...queue]
        expect(foretold).toHaveLength(queue.size)
        expect(drain(queue)).toEqual(foretold)
      }),
    )
  })

  test('what is taken out is not served, and the others keep their order', () => {
    const requesters = fc.array(fc.constantFrom('ann', 'bob', 'cat'), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(requesters, fc.nat(), (names, pick) => {
        const queue = new FairQueue<Item>()
        const items = fill(queue, names)
        const gone = items[pick % items.length]!
        expect(queue.remove(gone)).toBe(true)
        expect(queue.remove(gone)).toBe(false)
        const served = drain(queue)
        expect(served).toHaveLength(items.length - 1)
        expect(served).not.toContain(gone)
        for (const name of new Set(names)) {
          const own = served.filter(({ requester }) => requester === name).map((item) => item.number)
          expect(own).toEqual([...own].sort((a, b) => a - b))
        }
      }),
    )
  })
})
