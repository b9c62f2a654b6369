import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { backup } from '../../../src/store/backup.ts'
import { draw } from '../test-commands.ts'
import { BrowserClient, elementOf, wordsOf } from './browser-client.ts'
import { startPlayground, type Playground } from './start.ts'

const folder = mkdtempSync(join(tmpdir(), 'playground-privacy-'))
let stores = 0
let url: string
let playground: Playground
let ada: BrowserClient
let ben: BrowserClient
beforeEach(async () => {
  url = `sqlite://${join(folder, `${(stores += 1)}.db`)}`
  playground = await startPlayground(url)
  ada = await BrowserClient.open(playground.url)
  ben = await BrowserClient.open(playground.url)
  await ada.post('/api/me', { name: 'Xanthippe' })
  await ada.post('/api/say', { text: 'look at this' }, { picture: await picture() })
  await ada.run('whisper')
  await ada.run('neurons', {}, { picture: await picture() })
  await ben.post('/api/say', { text: 'nice' }, { picture: await picture() })
  await ada.message((message) => wordsOf(message).includes('spider fires most'))
  await ada.message((message) => wordsOf(message) === 'a secret')
})
afterEach(() => playground.stop())
afterAll(() => rmSync(folder, { recursive: true }))

const picture = async () => new Blob([new Uint8Array((await draw('cat', 'navy')).bytes)])

/** Everything in the store, as a backup writes it, one record per line. */
async function everything(): Promise<string[]> {
  const output = new PassThrough()
  const [dump] = await Promise.all([text(output), backup(url, output).then(() => output.end())])
  return dump.trim().split('\n')
}

const said = async (browser: BrowserClient) =>
  (await browser.state()).messages.flatMap((message) => message.text ?? [])

/** Asks for what is kept, and for its deletion; the answer's button is still to be pressed. */
async function ask() {
  await ada.run('privacy delete')
  return ada.message((message) => wordsOf(message).includes('Delete all of this?'))
}

async function press(id: string, label: string): Promise<void> {
  const message = (await ada.state()).messages.find((each) => each.id === id)!
  const button = elementOf(message, 'buttons').buttons.find((each) => each.label === label)!
  await ada.post('/api/press', { message: id, id: button.id })
}

describe('/privacy on the playground', () => {
  test('shows the chat that the playground keeps, without the question itself', async () => {
    await ada.run('privacy show')
    const shown = await ada.message((message) => wordsOf(message).includes('What I keep about you'))
    expect(wordsOf(shown)).toMatch(
      /Messages of yours and for you alone in this chat, with their pictures: 4\b/,
    )
    expect(wordsOf(shown)).toMatch(/The name that you chose here, and whether you moderate: 1\b/)
    const file = await (await ada.get(`/files/${elementOf(shown, 'file').file.id}`)).text()
    expect(file).toContain('look at this')
    expect(file).toContain('Xanthippe')
    expect(file).not.toContain('nice')
  })

  test('deletes it with its pictures, at once and for good; what others said stays', async () => {
    const { me, messages } = await ada.state()
    const own = messages.find((message) => message.text === 'look at this')!
    const { id } = await ask()
    await press(id, 'Delete it all')
    const answer = await ada.message((message) => wordsOf(message).includes('Deleted:'))
    expect(answer.id).toBe(id)

    expect(await said(ada)).toEqual(['nice'])
    expect(await said(ben)).toEqual(['nice'])
    expect((await ada.get(`/files/${own.files![0]!.id}`)).status).toBe(404)
    expect((await ada.state()).me.name).not.toBe('Xanthippe')
    // Only the answer itself is left, for her alone.
    const left = (await everything()).filter((line) => line.includes(me.id) || line.includes('Xanthippe'))
    expect(left).toHaveLength(1)
    expect(left[0]).toContain('Deleted:')

    await playground.stop()
    playground = await startPlayground(url)
    ada.moveTo(playground.url)
    expect(await said(ada)).toEqual(['nice'])
  })

  test('nothing is gone if the person keeps it after all', async () => {
    const { id } = await ask()
    await press(id, 'Keep it')
    await ada.message((message) => wordsOf(message).includes('Nothing was deleted'))
    expect(await said(ada)).toEqual(['look at this', 'nice'])
  })
})
