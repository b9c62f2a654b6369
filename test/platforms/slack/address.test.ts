import { connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freePort } from '../../free-port.ts'
import { readSettings } from '../../../src/settings.ts'
import { testCommands } from '../test-commands.ts'
import { SlackPeople } from './slack-people.ts'
import { SlackServer } from './slack-server.ts'
import { startBot, type Bot } from './start.ts'

let server: SlackServer
let bot: Bot | undefined
beforeEach(async () => {
  server = new SlackServer()
  await server.start()
})
afterEach(async () => {
  await bot?.platform.stop()
  await bot?.store.close()
  await server.stop()
})

/** Whether somebody answers there. All of 127.0.0.0/8 is this machine, so the second address stands for any other. */
const answers = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, host)
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

test.each([
  ['by default', {}, [true, false]],
  ['with SLACK_HOST=0.0.0.0', { SLACK_HOST: '0.0.0.0' }, [true, true]],
])('signed requests are taken %s at that address and no other', async (_how, environment, expected) => {
  const port = await freePort()
  const { SLACK_HOST: host } = readSettings(environment)
  bot = await startBot(server, { kind: 'http', port }, { setup: { host } })
  expect([await answers('127.0.0.1', port), await answers('127.0.0.2', port)]).toEqual(expected)
})

test('the bot asks who it is once, before it serves', async () => {
  const mode = { kind: 'http', port: await freePort() } as const
  bot = await startBot(server, mode)
  await new SlackPeople(server, testCommands, mode).run(['everything'])
  expect(server.calls.filter(({ method }) => method === 'auth.test')).toHaveLength(1)
})
