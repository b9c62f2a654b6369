import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { Command } from '../../src/chat/command.ts'
import type { Services } from '../../src/chat/services.ts'
import { openTable, type Table } from './harness.ts'

/**
 * The set-up of a test file about commands: a table that closes after it, where each test has a community of its
 * own and ids seeded by its name, on a Monday at ten in Greenwich.
 * @param changes services to use instead of the usual ones
 */
export function openHome(commands: readonly Command[], changes: Partial<Services> = {}) {
  let table: Table
  let homes = 0
  let community: string
  /** @param time ISO, or ms since 1970 */
  const at = (time: string | number): void => table.setTime(new Date(time))
  beforeAll(async () => {
    table = await openTable(commands, changes)
    at('2026-05-04T10:00:00Z')
  })
  afterAll(() => table.close())
  beforeEach(({ task }) => {
    community = `home-${(homes += 1)}`
    table.seed(task.name)
    at('2026-05-04T10:00:00Z')
  })
  return {
    at,
    player: (name: string, more = {}) => table.person(name, { community, ...more }),
    scope: () => ({ platform: 'playground', community }),
    services: () => table.services,
    dispatcher: () => table.dispatcher,
    /** What the bot sent unasked to this test's community, or to another. */
    posts: (to = community) => table.posts.filter(({ place }) => place.community === to),
    /** The same with some services replaced, and commands of its own. */
    tableWith: (some: readonly Command[], other: Partial<Services>) =>
      openTable(some, { ...table.services, ...other }),
  }
}
