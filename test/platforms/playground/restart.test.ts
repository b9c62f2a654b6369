import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { UserError } from '../../../src/errors.ts'
import { scope } from '../../../src/platforms/playground/message.ts'
import { lease } from '../../../src/platforms/playground/runs.ts'
import { openStore } from '../../../src/store/open.ts'
import { BrowserClient, elementOf, wordsOf } from './browser-client.ts'
import { startPlayground, type Playground } from './start.ts'
import { draw, step, text } from '../test-commands.ts'

const folder = mkdtempSync(join(tmpdir(), 'playground-'))
let running: Playground | undefined

/** Starts it on the same store; the browser keeps its cookie. */
async function start(name: string): Promise<Playground> {
  running = await startPlayground(`sqlite://${join(folder, name)}.db`)
  return running
}

async function restart(name: string, browser: BrowserClient): Promise<Playground> {
  await running!.stop()
  const playground = await start(name)
  browser.moveTo(playground.url)
  return playground
}

afterEach(() => running?.stop())
afterAll(() => rmSync(folder, { recursive: true }))

/** A process that is no longer there. */
const gone = spawnSync(process.execPath, ['--version'])

const place = { platform: 'playground', community: 'playground', channel: 'general' } as const

describe('after a restart', () => {
  test('messages, pictures, names and channels are there, and buttons work', async () => {
    const ada = await BrowserClient.open((await start('history')).url)
    const { me } = await ada.state()
    await ada.post('/api/me', { name: 'Ada' })
    await ada.post('/api/channels', { name: 'daily' })
    const picture = new Blob([new Uint8Array((await draw('cat', 'navy')).bytes)])
    await ada.run('neurons', {}, { picture })
    const large = randomBytes(600_001)
    await ada.post('/api/say', { text: 'large' }, { picture: new Blob([large]) })
    const before = await ada.message((message) => wordsOf(message).includes('spider fires most'))

    await restart('history', ada)
    const state = await ada.state()
    expect(state.me).toMatchObject({ id: me.id, name: 'Ada' })
    expect(state.channels).toEqual(['general', 'games', 'daily'])
    expect(state.messages.find(({ id }) => id === before.id)).toEqual(before)
    expect((await ada.get(`/files/${elementOf(before, 'picture').picture.id}`)).status).toBe(200)
    const { files } = await ada.message(({ text }) => text === 'large')
    const back = await (await ada.get(`/files/${files![0]!.id}`)).arrayBuffer()
    expect(Buffer.from(back).equals(large)).toBe(true)
    await ada.post('/api/press', { message: before.id, id: elementOf(before, 'buttons').buttons[1]!.id })
    await ada.message(({ id, edited }) => id === before.id && edited === true)
  })

  test('what only one person saw is still only theirs', async () => {
    const ada = await BrowserClient.open((await start('whisper')).url)
    await ada.run('whisper')
    const { id } = await ada.message((message) => wordsOf(message) === 'a secret')
    const playground = await restart('whisper', ada)
    expect((await ada.state()).messages.map((each) => each.id)).toContain(id)
    expect((await new BrowserClient(playground.url).state()).messages).toEqual([])
  })

  test.each([
    ['runs in another process of this machine is left alone', hostname(), process.ppid, false],
    ['runs on another machine is left alone', 'elsewhere', 1, false],
    ['ran in a process that is gone says so to its author', hostname(), gone.pid, true],
  ])('a command that %s', async (_, host, pid, stopped) => {
    const file = `process-${pid}-${host}`
    const ada = await BrowserClient.open((await start(file)).url)
    await ada.run('slow')
    const { id } = await ada.message(({ command }) => command?.path[0] === 'slow')
    for (const ending of ['', '-wal', '-shm']) {
      const from = join(folder, `${file}.db${ending}`)
      if (existsSync(from)) copyFileSync(from, join(folder, `second-${file}.db${ending}`))
    }
    await step()
    await step()
    await running!.stop()
    const store = await openStore(`sqlite://${join(folder, `second-${file}.db`)}`)
    await store.set(lease, scope, [id], { host, pid })
    await store.close()
    const second = await start(`second-${file}`)
    ada.moveTo(second.url)
    const message = await ada.message((each) => each.id === id)
    expect(Boolean(message.refusal)).toBe(stopped)
    expect(Boolean(message.running)).toBe(!stopped)
  })

  test('a command that never got its answer says so to its author', async () => {
    const ada = await BrowserClient.open((await start('killed')).url)
    await ada.run('slow')
    await ada.message(({ command }) => command?.path[0] === 'slow')
    // The store as a kill leaves it: copied while the command runs.
    for (const ending of ['', '-wal', '-shm']) {
      const file = join(folder, `killed.db${ending}`)
      if (existsSync(file)) copyFileSync(file, join(folder, `copy.db${ending}`))
    }
    const stopped = running!.stop()
    await step()
    await step()
    await stopped
    ada.moveTo((await start('copy')).url)
    const [message, ...others] = (await ada.state()).messages
    expect(others).toEqual([])
    expect(message).toMatchObject({ command: { path: ['slow'] } })
    expect(message!.refusal).toContain('stopped before I could answer')
  })

  test('a stop lets running work finish', async () => {
    const ada = await BrowserClient.open((await start('finish')).url)
    await ada.run('slow')
    const restarted = restart('finish', ada)
    await step()
    await step()
    await restarted
    const answer = await ada.message(({ author }) => author.bot)
    expect(wordsOf(answer)).toBe('done at last')
  })
})

test('a port that is taken is reported, with what to set', async () => {
  const { url } = await start('taken')
  const second = startPlayground('sqlite::memory:', Number(new URL(url).port))
  await expect(second).rejects.toThrow(/port \d+ \(EADDRINUSE\); please set PORT/)
})

describe('posts that nobody asked for', () => {
  test('a post with the same key is made only once, even after a restart, and can be edited', async () => {
    const { outbox, url } = await start('posts')
    const ada = await BrowserClient.open(url)
    const made = await Promise.all(
      [1, 2, 3].map(() => outbox.post(place, text('neuron of the day'), 'day-1')),
    )
    expect(new Set(made.map(({ message }) => message)).size).toBe(1)
    const again = (await restart('posts', ada)).outbox
    expect(await again.post(place, text('neuron of the day'), 'day-1')).toEqual(made[0])
    expect(await again.findPost(place, 'day-1')).toEqual(made[0])
    expect(await again.findPost(place, 'day-2')).toBeUndefined()
    await again.edit(made[0]!, text('it was the spider'))
    expect((await ada.state()).messages.map(wordsOf)).toEqual(['it was the spider'])
  })

  test('a channel that is not there is reported', async () => {
    const { outbox } = await start('nowhere')
    const gone = { ...place, channel: 'nowhere' }
    await expect(outbox.post(gone, text('x'), 'key')).rejects.toThrow(UserError)
  })

  test('a message to one person reaches only that person', async () => {
    const { outbox, url } = await start('tell')
    const [ada, ben] = [await BrowserClient.open(url), await BrowserClient.open(url)]
    const { me } = await ada.state()
    await outbox.tell(place, me.id, text('your schedule is paused'))
    expect((await ada.state()).messages.map(wordsOf)).toEqual(['your schedule is paused'])
    expect((await ben.state()).messages).toEqual([])
  })
})

test('a channel keeps its last 200 messages, and their files', async () => {
  const { outbox, url } = await start('many')
  const ada = await BrowserClient.open(url)
  const picture = await draw('old', 'navy', 20)
  const first = await outbox.post(place, { elements: [{ kind: 'picture', picture }] }, 'first')
  const { messages } = await ada.state()
  for (let count = 0; count < 200; count += 1)
    await outbox.post(place, text(`post ${count}`), `post ${count}`)
  const kept = (await ada.state()).messages
  expect(kept).toHaveLength(200)
  expect(kept.map(({ id }) => id)).not.toContain(first.message)
  const file = elementOf(messages[0]!, 'picture').picture.id
  await restart('many', ada)
  expect((await ada.state()).messages.map(({ id }) => id)).toEqual(kept.map(({ id }) => id))
  expect((await ada.get(`/files/${file}`)).status).toBe(404)
})
