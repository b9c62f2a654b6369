import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, describe, test, vi } from 'vitest'
import { postRecord } from '../../commands/contest/post-once.ts'
import { random, seedOf } from '../../src/games/seed.ts'
import { DiscordWorld } from '../platforms/spotlight/discord-world.ts'
import { PlaygroundWorld } from '../platforms/spotlight/playground-world.ts'
import { postedOnceAndAnswered } from '../platforms/spotlight/question.ts'
import { SlackWorld } from '../platforms/spotlight/slack-world.ts'
import type { World } from '../platforms/spotlight/world.ts'

const minute = 60_000
const kills = 10
/** Only for what hangs: on a busy machine a bot takes its time to start and to draw. */
const patience = 15 * minute
const worlds = [
  ['Discord', () => new DiscordWorld()],
  ['Slack', () => new SlackWorld()],
  ['the playground', () => new PlaygroundWorld()],
] as const

/** A bot that serves, and a spotlight set by a moderator for the first full minute after `ahead`. */
async function setUp(world: World, ahead: number): Promise<number> {
  const due = Math.ceil((Date.now() + ahead) / minute) * minute
  const time = new Date(due).toISOString().slice(11, 16)
  const { words } = await world.command('spotlight', 'here', { time, timezone: 'UTC' })
  if (!words.includes(`at ${time}`)) throw new Error(`the spotlight is not set: ${words}`)
  return due
}

/** What the store says of the post, once it is settled. */
const settled = (world: World, by: number) =>
  vi.waitFor(
    async () => {
      const [post, ...others] = await world.store.list(postRecord, world.scope)
      if (!post || others.length > 0) throw new Error('the post is not settled')
      return post.value.outcome
    },
    { timeout: by - Date.now(), interval: 100 },
  )

/** Resolves as soon as the channel shows a post. */
async function posted(world: World, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await world.posts()).length === 0) await wait(3)
}

/**
 * Kills the bot ten times and starts it again each time: before the post is due; when it is due; and then while it
 * starts, checks what is due, posts or has just posted. If a post appears, at that instant.
 */
async function killAround(world: World, due: number, next: () => number): Promise<string[]> {
  const around = [due - 20_000 + 6_000 * next(), due - 1_000 + 3_000 * next()]
  const moments: string[] = []
  let startMs = 0
  for (let n = 0; n < kills; n++) {
    const moment = around[n] ?? Date.now() + 1.5 * startMs * next()
    const over = new AbortController()
    const late = wait(Math.max(0, moment - Date.now()))
    const before = await world.posts()
    await (before.length > 0 ? late : Promise.race([late, posted(world, over.signal)]))
    over.abort()
    await world.kill()
    const seconds = ((Date.now() - due) / 1000).toFixed(2)
    moments.push((await world.posts()).length > before.length ? `${seconds} (as it was posted)` : seconds)
    const began = performance.now()
    await world.start()
    if (n > 0) continue
    await world.serves()
    startMs = performance.now() - began
  }
  return moments
}

const open = new Set<World>()
afterAll(() => Promise.all([...open].map((world) => world.close())))

/** A community, and a bot that serves it. */
async function enter(make: () => World): Promise<World> {
  const world = make()
  open.add(world)
  await world.open()
  await world.start()
  await world.serves()
  return world
}

async function leave(world: World): Promise<void> {
  open.delete(world)
  await world.close()
}

describe.concurrent.each(worlds)('a spotlight on %s', (name, make) => {
  test('set for the minutes ahead posts once, when it is due', async ({ expect }) => {
    const world = await enter(make)
    const due = await setUp(world, minute)
    expect(await settled(world, due + patience)).toBe('posted')
    expect(Date.now()).toBeGreaterThanOrEqual(due)
    // Past another minute's tick.
    await wait(due + minute + 5_000 - Date.now())
    expect(await world.posts()).toHaveLength(1)
    expect(world.wrong()).toEqual([])
    await leave(world)
  })

  test('killed at ten random moments around its time posts once, and its buttons work', async ({
    expect,
  }) => {
    const seed = seedOf(Date.now(), name)
    const world = await enter(make)
    const due = await setUp(world, 25_000)
    const moments = await killAround(world, due, random(seed))
    process.stdout.write(`${name}, seed ${seed}: killed at ${moments.join(', ')} s\n`)
    // Whoever takes over a dead bot's claim waits two minutes; a start looks at once, and so does every minute's tick.
    await wait(due + 2 * minute + 5_000 - Date.now())
    await world.kill()
    await world.start()
    await world.serves()
    expect(await settled(world, due + patience)).toBe('posted')

    await postedOnceAndAnswered(world, expect)
    expect(world.wrong()).toEqual([])
    await leave(world)
  })
})
