import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { freePort } from '../../free-port.ts'
import { UserError } from '../../../src/errors.ts'
import type { SlackSetup } from '../../../src/platforms/slack/connect.ts'
import { testCommands } from '../test-commands.ts'
import { SlackPeople, type Mode } from './slack-people.ts'
import { SlackServer, tokens } from './slack-server.ts'
import { startBot, type Bot } from './start.ts'

const server = new SlackServer()
const score = { name: 'test-score', version: 1, schema: z.object({ points: z.number() }) }
const scopeOf = (community: string) => ({ platform: 'slack', community }) as const

beforeAll(() => server.start())
afterEach(() => server.mustBeContent())
afterAll(() => server.stop())

describe('several workspaces install the bot', () => {
  const log: string[] = []
  let bot: Bot
  let mode: Mode & { kind: 'http' }

  beforeAll(async () => {
    mode = { kind: 'http', port: await freePort() }
    bot = await startBot(server, mode, { log, setup: { oauth: tokens.client } })
  })
  afterAll(async () => {
    await bot.platform.stop()
    await bot.store.close()
  })

  /** What an admin's browser does: from the page with the button, through Slack, back to us. */
  async function install(team: string): Promise<Response> {
    server.installing = team
    const page = await fetch(`http://127.0.0.1:${mode.port}/slack/install`)
    const cookie = page.headers.get('set-cookie')!.split(';')[0]!
    const button = new URL(
      /href="([^"]+authorize[^"]+)"/.exec(await page.text())![1]!.replaceAll('&amp;', '&'),
    )
    expect(button.searchParams.get('scope')).toContain('files:read')
    const agreed = await fetch(`${server.origin}/oauth/v2/authorize/callback`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({
        user_id: server.users.mo,
        redirect_uri: `http://127.0.0.1:${mode.port}/slack/oauth_redirect`,
        scope: button.searchParams.get('scope')!,
        state: button.searchParams.get('state')!,
        client_id: tokens.client.clientId,
      }),
    })
    return fetch(agreed.headers.get('location')!, { headers: { cookie }, redirect: 'manual' })
  }

  test('each is answered with its own token, and an uninstall deletes only its own records', async () => {
    expect((await install('T000000001')).status).toBe(200)
    expect((await install('T000000002')).status).toBe(200)
    const people = new SlackPeople(server, testCommands, mode)
    await (await people.run(['poll'])).shown('What is it?')
    const first = server.calls.findLast(({ method }) => method === 'chat.postMessage')!.token
    people.team = 'T000000002'
    await (await people.run(['poll'])).shown('What is it?')
    const second = server.calls.findLast(({ method }) => method === 'chat.postMessage')!.token
    expect(first).toMatch(/^xoxb-/)
    expect(second).toMatch(/^xoxb-/)
    expect(second).not.toBe(first)

    const place = { ...scopeOf('T000000002'), channel: server.channels.games }
    const posted = await bot.platform.outbox.post(
      place,
      { elements: [{ kind: 'text', text: 'by schedule' }] },
      'day',
    )
    expect(posted.community).toBe('T000000002')
    expect(server.calls.findLast(({ method }) => method === 'chat.postMessage')!.token).toBe(second)

    for (const community of ['T000000001', 'T000000002'])
      await bot.store.set(score, scopeOf(community), ['ada'], { points: 3 })
    await people.event({ type: 'app_uninstalled' }, 'T000000002')
    await expect.poll(() => bot.store.get(score, scopeOf('T000000002'), ['ada'])).toBeUndefined()
    expect(await bot.store.get(score, scopeOf('T000000001'), ['ada'])).toEqual({ points: 3 })
    await expect(
      bot.platform.outbox.post(place, { elements: [{ kind: 'text', text: 'too late' }] }, 'day'),
    ).rejects.toThrow('I am not installed in this workspace')
    people.team = 'T000000001'
    expect(await (await people.run(['poll'])).shown('What is it?')).toBeDefined()

    // These tokens are in no setting: only Bolt and the store know them.
    for (const secret of [first, second, tokens.client.clientSecret, tokens.signing])
      expect(log.filter((line) => line.includes(secret))).toEqual([])
  })

  test('an installation that somebody else began is refused', async () => {
    const before = server.calls.filter(({ method }) => method === 'oauth.v2.access').length
    const stolen = `http://127.0.0.1:${mode.port}/slack/oauth_redirect?code=stolen&state=forged`
    expect((await fetch(stolen)).status).toBe(400)
    expect(server.calls.filter(({ method }) => method === 'oauth.v2.access')).toHaveLength(before)
  })
})

describe('a sentence says which settings are wrong', () => {
  const socket = { kind: 'socket' } as const
  const refused = (mode: Mode, setup: Partial<SlackSetup>): Promise<unknown> =>
    startBot(server, mode, { setup }).then(
      () => 'connected',
      (error: unknown) => (error instanceof UserError ? error.message : error),
    )

  test('a bot token that Slack does not know', async () => {
    expect(await refused(socket, { botToken: 'xoxb-wrong' })).toMatch(/token in SLACK_BOT_TOKEN \(\w+\)/)
  })

  test('an app token that Slack does not know', async () => {
    expect(await refused(socket, { appToken: 'xapp-wrong' })).toMatch(
      /token in SLACK_APP_TOKEN \(invalid_auth\)/,
    )
  })

  test('neither an app token nor a signing secret', async () => {
    expect(await refused({ kind: 'http', port: 0 }, { signingSecret: '' })).toContain('SLACK_SIGNING_SECRET')
  })

  test('no token for any workspace', async () => {
    expect(await refused(socket, { botToken: '' })).toContain('SLACK_CLIENT_ID')
  })

  test('a port that is taken', async () => {
    const mode = { kind: 'http', port: Number(new URL(server.origin).port) } as const
    expect(await refused(mode, {})).toContain('SLACK_PORT')
  })
})
