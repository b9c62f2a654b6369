import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { settings } from '../../commands/settings.ts'
import { settingsOf } from '../../src/chat/community.ts'
import { openTable, type Table, textOf } from './harness.ts'
import { blankGallery } from './play.ts'

let table: Table
let homes = 0
let community: string
beforeAll(async () => {
  table = await openTable([settings], { gallery: blankGallery })
})
afterAll(() => table.close())
beforeEach(() => {
  community = `home-${(homes += 1)}`
  at('2026-05-04T10:00:00Z')
})

const at = (time: string): void => table.setTime(new Date(time))
const player = (name: string, more = {}) => table.person(name, { community, ...more })
const scope = () => ({ platform: 'playground', community })

describe('/settings', () => {
  test('belong to moderators, who change one without touching the others', async () => {
    expect((await player('Ada').run('settings')).refused).toBe('Only moderators can do this.')
    const mod = player('Mod', { moderator: true })
    const [shown] = await Promise.all([
      mod.run('settings', { language: 'de', cooldown: '5' }),
      mod.run('settings', { add_channel: 'general' }),
    ])
    await mod.press(shown, 'Show sensitive neurons')
    expect(await settingsOf(table.services.store, scope())).toEqual({
      channels: ['general'],
      cooldown: 5,
      language: 'de',
      profanity: true,
      sensitive: true,
    })
    const again = await mod.run('settings', { sensitive: 'no', remove_channel: 'general' })
    expect(textOf(again)).toContain('I play in all channels.')
    expect((await settingsOf(table.services.store, scope())).sensitive).toBe(false)
  })
})
