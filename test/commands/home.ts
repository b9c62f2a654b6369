import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { Command } from '../../src/chat/command.ts'
import { openTable, type Table } from './harness.ts'
import { blankGallery } from './play.ts'

/** A table for a test file at which each test has a community of its own, on a Monday at ten in Greenwich. */
export function openHome(commands: readonly Command[]) {
  let table: Table
  let homes = 0
  let community: string
  const at = (time: string): void => table.setTime(new Date(time))
  beforeAll(async () => {
    table = await openTable(commands, { gallery: blankGallery })
  })
  afterAll(() => table.close())
  beforeEach(() => {
    community = `home-${(homes += 1)}`
    at('2026-05-04T10:00:00Z')
  })
  return {
    at,
    player: (name: string, more = {}) => table.person(name, { community, ...more }),
    scope: () => ({ platform: 'playground', community }),
    services: () => table.services,
    /** What the bot sent to this test's community unasked. */
    posts: () => table.posts.filter(({ place }) => place.community === community),
  }
}
