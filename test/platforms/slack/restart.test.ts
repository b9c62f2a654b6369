import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { compiled } from '../../compiled.ts'
import { draw, step, testCommands } from '../test-commands.ts'
import { nextLine } from '../../next-line.ts'
import { SlackPeople } from './slack-people.ts'
import { until } from './http.ts'
import { SlackServer } from './slack-server.ts'
import { startBot } from './start.ts'

const folder = mkdtempSync(join(tmpdir(), 'slack-restart-'))
const storeUrl = `sqlite://${join(folder, 'store.db')}`
const server = new SlackServer()
const people = new SlackPeople(server, testCommands, { kind: 'socket' })
const children: ChildProcess[] = []

beforeAll(() => server.start())
afterEach(() => server.mustBeContent())
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await server.stop()
  rmSync(folder, { recursive: true })
})

async function startChild(): Promise<ChildProcess> {
  const argv = [compiled('test/platforms/slack/child.ts'), server.apiUrl, server.origin, storeUrl]
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  await nextLine(child)
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
  await until(() => !server.isConnected, 'the socket of the killed bot is still open')
}

test('buttons, selects and forms of messages from before a kill still work', async () => {
  const first = await startChild()
  const { bytes } = await draw('cat', 'navy')
  const card = await (await people.run(['neurons'], { picture: bytes })).shown('spider fires most')
  const poll = await (await people.run(['poll'])).shown('What is it?')
  const secret = await (await people.run(['whisper'])).shown('a secret')
  const form = await (await people.press(poll, 'Answer')).modal()
  // In the middle of a command.
  await (await people.run(['slow'])).shown('Waiting for others')
  await kill(first)
  await startChild()
  expect((await (await people.press(card, 'train')).shown('train fires most')).id).toBe(card.id)
  expect(await (await people.press(secret, 'Post it')).shown('no secret any more')).toBeDefined()
  // The form that was open when the bot was killed.
  const sent = await people.submit(form, { name: { value: 'Spidey' } })
  expect(await sent.shown('answered Spidey')).toBeDefined()
})

test('a stop takes nothing new and says so, lets running work finish, and then disconnects', async () => {
  const bot = await startBot(server, { kind: 'socket' })
  const slow = await people.run(['slow'])
  await slow.shown('Waiting for others')
  const stopped = bot.platform.stop()
  const refused = await (await people.run(['poll'])).shown('I am restarting')
  expect(refused.forOne).toBe(true)
  const poll = await (await people.run(['whisper'])).shown('I am restarting')
  expect(poll.forOne).toBe(true)
  await step()
  await step()
  await slow.shown('done at last')
  await stopped
  await bot.store.close()
  await until(() => !server.isConnected, 'it is still connected')
})
