import { afterEach, expect, test } from 'vitest'
import { postRecord } from '../../../commands/contest/post-once.ts'
import { some } from '../../examples.ts'
import { DiscordWorld } from './discord-world.ts'
import { PlaygroundWorld } from './playground-world.ts'
import { postedOnceAndAnswered } from './question.ts'
import { SlackWorld } from './slack-world.ts'
import type { World } from './world.ts'

const minute = 60_000
/** When the post is due. */
const nine = Date.UTC(2026, 4, 4, 9)
const start = nine - 10 * minute

let world: World | undefined
afterEach(() => world?.close())

const platforms: [string, () => World][] = [
  ['the playground', () => new PlaygroundWorld(start)],
  ['Discord', () => new DiscordWorld(start)],
  ['Slack', () => new SlackWorld(start)],
]
test.each(some(1, platforms))(
  'if the bot dies as it posts a spotlight on %s, the post is there once, and its buttons work',
  async (_, make) => {
    world = make()
    await world.open()
    await world.start('die-after-send')
    await world.serves()
    const { words } = await world.command('spotlight', 'here', { time: '9:00', timezone: 'UTC' })
    expect(words).toContain('at 09:00')
    expect(await world.tick(nine - minute)).toBe(true)
    expect(await world.posts()).toEqual([])
    expect(await world.tick(nine)).toBe(false)

    await world.start()
    await world.serves()
    const outcomes = async () =>
      (await world!.store.list(postRecord, world!.scope)).map(({ value }) => value.outcome)
    // The claim might still belong to another bot.
    await world.tick(nine + minute)
    expect(await outcomes()).toEqual([])
    for (const later of [3, 4]) await world.tick(nine + later * minute)
    expect(await outcomes()).toEqual(['posted'])
    await postedOnceAndAnswered(world, expect)
    expect(world.wrong()).toEqual([])
  },
)
