import { describe, expect, test } from 'vitest'
import { settings } from '../../commands/settings.ts'
import { mustPlayHere, settingsOf } from '../../src/chat/community.ts'
import { textOf } from './harness.ts'
import { openHome } from './home.ts'

const { player, scope, services } = openHome([settings])

describe('/settings', () => {
  test('belong to moderators, who change one without touching the others', async () => {
    expect((await player('Ada').run('settings')).refused).toBe('Only moderators can do this.')
    const mod = player('Mod', { moderator: true })
    const [shown] = await Promise.all([
      mod.run('settings', { language: 'de', cooldown: '5' }),
      mod.run('settings', { add_channel: 'general' }),
    ])
    await mod.press(shown, 'Show sensitive neurons')
    expect(await settingsOf(services().store, scope())).toEqual({
      channels: ['general'],
      cooldown: 5,
      language: 'de',
      locale: 'en',
      profanity: true,
      sensitive: true,
    })
    const again = await mod.run('settings', { sensitive: 'no', remove_channel: 'general' })
    expect(textOf(again)).toContain('I play in all channels.')
    expect((await settingsOf(services().store, scope())).sensitive).toBe(false)
  })

  test('in a channel where it may not play, the bot says where it may', async () => {
    const mod = player('Mod', { moderator: true })
    await mod.run('settings', { add_channel: 'games' })
    const now = await settingsOf(services().store, scope())
    const here = { place: { ...mod.origin.place, channel: 'general' } }
    expect(() => mustPlayHere(now, here, 'neurons')).toThrow('please play in <#games>.')
    expect(() => mustPlayHere(now, here, 'settings')).not.toThrow()
  })
})
