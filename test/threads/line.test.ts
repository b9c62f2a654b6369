import { describe, expect, test } from 'vitest'
import { Line } from '../../src/threads/line.ts'

/** A job that ends when it is told to. */
function job() {
  let finish!: (value: string) => void
  const done = new Promise<string>((resolve) => {
    finish = resolve
  })
  return { run: () => done, finish }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('a line', () => {
  test('lets in as many as it serves at once, and the next when one leaves', async () => {
    const line = new Line({ atOnce: 2, limit: 10 })
    const jobs = [job(), job(), job()]
    const ends = jobs.map(({ run }) => line.run(run))
    expect([line.running, line.waiting]).toEqual([2, 1])
    jobs[1]!.finish('second')
    await expect(ends[1]).resolves.toBe('second')
    await settle()
    expect([line.running, line.waiting]).toEqual([2, 0])
    for (const { finish } of jobs) finish('done')
    await Promise.all(ends)
  })

  test('a job that fails makes room for the next', async () => {
    const line = new Line({ atOnce: 1, limit: 10 })
    const failing = line.run(() => Promise.reject(new Error('broken')))
    const next = line.run(async () => 'served')
    await expect(failing).rejects.toThrow('broken')
    await expect(next).resolves.toBe('served')
  })

  test('tells each its place when it changes, even when somebody in front gives up', async () => {
    const line = new Line({ atOnce: 1, limit: 10 })
    const [first, controller] = [job(), new AbortController()]
    const running = line.run(first.run)
    const impatient = line.run(async () => '', { signal: controller.signal })
    const places: number[] = []
    const patient = line.run(async () => 'served', { onPlace: (place) => places.push(place) })
    expect(places).toEqual([2])
    controller.abort()
    await expect(impatient).rejects.toMatchObject({ code: 'cancelled' })
    expect(places).toEqual([2, 1])
    first.finish('done')
    await Promise.all([running, patient])
    expect(places).toEqual([2, 1, 0])
  })

  test('a newcomer pushes back those who brought many', async () => {
    const line = new Line({ atOnce: 1, limit: 10 })
    const first = job()
    const served: string[] = []
    const by = (person: string) => ({ requester: { community: 'home', person } })
    const enter = (person: string, name: string) => line.run(async () => served.push(name), by(person))
    const all = [line.run(first.run, by('bob'))]
    const waiting = [enter('bob', 'bob 2'), enter('bob', 'bob 3'), enter('ann', 'ann')]
    first.finish('done')
    await Promise.all([...all, ...waiting])
    expect(served).toEqual(['bob 2', 'ann', 'bob 3'])
  })

  test('someone who gives up while running is free at once, but keeps the place until the work ends', async () => {
    const line = new Line({ atOnce: 1, limit: 10 })
    const [slow, controller] = [job(), new AbortController()]
    const running = line.run(slow.run, { signal: controller.signal })
    const next = line.run(async () => 'served')
    controller.abort()
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    expect([line.running, line.waiting]).toEqual([1, 1])
    slow.finish('nobody wants it')
    await expect(next).resolves.toBe('served')
  })

  test('refuses one too many with a sentence', async () => {
    const line = new Line({ atOnce: 1, limit: 1 })
    const first = job()
    const all = [line.run(first.run), line.run(async () => 'second')]
    await expect(line.run(async () => 'third')).rejects.toMatchObject({
      name: 'UserError',
      code: 'busy',
      message: 'Too many are waiting already (1); please try again in a minute.',
    })
    first.finish('first')
    await expect(Promise.all(all)).resolves.toEqual(['first', 'second'])
  })

  test('closes within its time, even over a job that never ends', async () => {
    const line = new Line({ atOnce: 1, limit: 10 })
    const endless = line.run(job().run)
    const waiting = line.run(async () => 'never')
    const start = performance.now()
    const ends = Promise.allSettled([endless, waiting])
    await line.close(50)
    expect(performance.now() - start).toBeLessThan(1000)
    for (const end of await ends) expect(end).toMatchObject({ reason: { code: 'cancelled' } })
  })

  test('closes as soon as what is running has ended', async () => {
    const line = new Line({ atOnce: 1, limit: 10 })
    const last = job()
    const running = line.run(last.run)
    setTimeout(() => last.finish('done'), 20)
    const start = performance.now()
    await line.close(10_000)
    expect(performance.now() - start).toBeLessThan(5000)
    await expect(running).resolves.toBe('done')
  })
})

describe('nobody holds more than a share of what may wait', () => {
  const mb = 2 ** 20
  const by = (community: string, person: string) => ({ requester: { community, person } })
  /** None of it ever ends. */
  const forever = () => new Promise<void>(() => {})

  async function refusedOf(
    line: Line,
    many: number,
    options: (i: number) => Parameters<Line['run']>[1],
  ): Promise<string[]> {
    const sentences: string[] = []
    for (let i = 0; i < many; i++)
      line.run(forever, options(i)).catch((error: Error) => sentences.push(error.message))
    await settle()
    return sentences
  }

  test('a person has a sixteenth, whoever else is there', async () => {
    const line = new Line({ atOnce: 1, limit: 320 })
    const sentences = await refusedOf(line, 500, () => by('home', 'bob'))
    expect(line.waiting).toBe(20)
    expect(sentences).toHaveLength(500 - 21)
    expect(sentences[0]).toBe('You have a lot waiting already; please let some of it finish first.')
    expect(await refusedOf(line, 1, () => by('home', 'ann'))).toEqual([])
  })

  test('a community has half, and another one still gets in', async () => {
    const line = new Line({ atOnce: 1, limit: 320 })
    const sentences = await refusedOf(line, 500, (i) => by('home', `person ${i}`))
    expect(line.waiting).toBe(160)
    expect(sentences[0]).toBe('This community has a lot waiting already; please try again in a minute.')
    expect(await refusedOf(line, 1, () => by('elsewhere', 'ann'))).toEqual([])
  })

  test('waiting pictures are limited in bytes', async () => {
    const line = new Line({ atOnce: 1, limit: 1000, byteLimit: 320 * mb })
    await refusedOf(line, 100, (i) => ({ ...by(`${i}`, `${i}`), bytes: 25 * mb }))
    expect(line.waiting).toBe(12)
    const one = new Line({ atOnce: 1, limit: 1000, byteLimit: 320 * mb })
    await refusedOf(one, 100, () => ({ ...by('home', 'bob'), bytes: 4 * mb }))
    expect(one.waiting).toBe(6)
  })

  test('communities take turns, and the people of each', async () => {
    const line = new Line({ atOnce: 1, limit: 100 })
    const first = job()
    const served: string[] = []
    const enter = (community: string, person: string) =>
      line.run(async () => served.push(`${community} ${person}`), by(community, person))
    const all: Promise<unknown>[] = [line.run(first.run)]
    for (const person of ['bob', 'bob', 'ben', 'bea']) all.push(enter('large', person))
    all.push(enter('small', 'ann'))
    first.finish('done')
    await Promise.all(all)
    expect(served).toEqual(['large bob', 'small ann', 'large ben', 'large bea', 'large bob'])
  })
})
