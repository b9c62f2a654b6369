import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { filesOf, type PageMessage } from '../../src/platforms/playground/message.ts'
import { edited, photograph } from '../commands/fool-steps.ts'
import type { BotProcess } from '../platforms/bot-process.ts'
import { spawnBot } from '../platforms/playground/bot-process.ts'
import { BrowserClient, elementOf, wordsOf } from '../platforms/playground/browser-client.ts'

const folder = mkdtempSync(join(tmpdir(), 'contest-'))
let bot: BotProcess | undefined

/** A bot, always on the same store; gives the playground's address and the owner's link. */
async function start(): Promise<[url: string, ownerUrl: string]> {
  bot = spawnBot(folder)
  const [, url = '', ownerUrl = ''] = await bot.serves()
  return [url, ownerUrl]
}

afterAll(async () => {
  await bot?.end('SIGKILL')
  rmSync(folder, { recursive: true })
})

/** What a person's page shows, without the notes that something is still running. */
const shownTo = async (browser: BrowserClient) =>
  (await browser.state()).messages.map(({ progress: _progress, running: _running, ...message }) => message)

/** Kills the bot without warning and starts it again: everybody still sees all that they saw, pictures too. */
async function crash(people: readonly BrowserClient[]): Promise<void> {
  const before = await Promise.all(people.map(shownTo))
  await bot?.end('SIGKILL')
  const [url] = await start()
  for (const [index, browser] of people.entries()) {
    browser.moveTo(url)
    expect(await shownTo(browser)).toEqual(before[index])
    for (const { id, size } of before[index]!.flatMap(filesOf)) {
      const file = await browser.get(`/files/${id}`)
      expect([id, file.status, (await file.arrayBuffer()).byteLength]).toEqual([id, 200, size])
    }
  }
}

/** Asks for something, and waits for what the bot answers. */
async function answer(
  browser: BrowserClient,
  ask: () => ReturnType<BrowserClient['post']>,
): Promise<PageMessage> {
  const known = new Set((await browser.state()).messages.map(({ id }) => id))
  expect((await ask()).status).toBe(200)
  return vi.waitFor(
    async () => {
      const news = (await browser.state()).messages.filter(({ id }) => !known.has(id))
      const found = news.find(({ author, elements }) => author.bot && elements)
      if (!found) throw new Error(`no answer among ${JSON.stringify(news)}`)
      return found
    },
    { timeout: 600_000, interval: 50 },
  )
}

function buttonOf(message: PageMessage, label: string): string {
  const { buttons } = elementOf(message, 'buttons')
  const found = buttons.find((button) => button.label === label)
  if (!found) throw new Error(`there is no "${label}" among ${JSON.stringify(buttons)}`)
  return found.id
}

const asFile = (bytes: Uint8Array): Blob => new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' })

describe('a contest between three people whose bot is killed after every step', () => {
  test('is played to its end and loses nothing that was acknowledged', async () => {
    const [url, ownerUrl] = await start()
    const [ada, ben, mo] = [
      await BrowserClient.open(url),
      await BrowserClient.open(url),
      await BrowserClient.open(url),
    ] as const
    const people = [ada, ben, mo]
    await ada.post('/api/me', { name: 'Ada' })
    await ben.post('/api/me', { name: 'Ben' })
    await mo.own(ownerUrl)
    await mo.post('/api/me', { name: 'Mo', moderator: true })

    await crash(people)
    expect((await mo.state()).me).toMatchObject({ name: 'Mo', moderator: true })
    const opened = await answer(ada, () => ada.run('fool start', { target: 'pizza', sample: 'apple' }))
    expect(wordsOf(opened)).toContain('Ada opens a contest: make it see “pizza”')

    await crash(people)
    const preview = await answer(ada, () => ada.run('fool write', { text: 'pizza' }))
    expect(wordsOf(preview)).toContain('nothing counts yet')
    expect((await ben.state()).messages.map(({ id }) => id)).not.toContain(preview.id)

    await crash(people)
    const enter = { message: preview.id, id: buttonOf(preview, 'Enter the contest') }
    const written = await answer(ada, () => ada.post('/api/press', enter))
    expect(wordsOf(written)).toMatch(/Ada: It fools the model with \d+\s%\sink[^]*Place 1 of 1/)
    expect(elementOf(written, 'picture').picture.alt).toContain('pizza')

    await crash(people)
    const bens = asFile(await edited('apple', 'pizza', 110))
    const drawn = await answer(ben, () => ben.run('fool enter', {}, { picture: bens }))
    expect(wordsOf(drawn)).toMatch(/Ben: It fools the model with \d+\s% ink[^]*Place \d of 2/)

    await crash(people)
    const mos = asFile(await edited('apple', 'pizza', 150))
    const larger = await answer(mo, () => mo.run('fool enter', {}, { picture: mos }))
    expect(wordsOf(larger)).toMatch(/Mo: It fools the model with \d+\s% ink[^]*Place 3 of 3/)

    await crash(people)
    const taken = asFile(await photograph('apple', 'pizza'))
    const labelled = await answer(mo, () => mo.run('fool enter', { photograph: 'true' }, { picture: taken }))
    expect(wordsOf(labelled)).toContain('Place 1 of 1 among the photographs')

    await crash(people)
    const board = await answer(ben, () => ben.run('fool board'))
    const standings = elementOf(board, 'picture').picture.alt
    const first = /1\. (Ada|Ben), .*; 2\. (Ada|Ben), .*; 3\. Mo, /.exec(standings)
    expect(wordsOf(board)).toContain('Ends ')
    expect(new Set(first?.slice(1))).toEqual(new Set(['Ada', 'Ben']))
    buttonOf(board, 'Photographs')

    await crash(people)
    const ended = await answer(ada, () => ada.run('fool end'))
    expect(wordsOf(ended)).toContain('The contest is over: who made it see “pizza”?')
    expect(wordsOf(ended)).toMatch(new RegExp(`^${first![1]} wins: \\d+\\s% ink, \\d+ points`, 'm'))
    expect(wordsOf(ended)).toContain('4 entries by 3 players')

    await crash(people)
    const over = (await ben.state()).messages.filter((each) => wordsOf(each).includes('The contest is over'))
    expect(over.map(({ id }) => id)).toEqual([ended.id])
    const again = { message: ended.id, id: buttonOf(ended, 'Standings') }
    const final = await answer(ben, () => ben.post('/api/press', again))
    expect(wordsOf(final)).toContain('Ended ')
    expect(elementOf(final, 'picture').picture.alt).toContain(first![0])
  })
})
