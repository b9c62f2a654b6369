import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { atLength, some } from '../../examples.ts'
import {
  chromiumIsMissing,
  closePages,
  desktop,
  drop,
  launch,
  openPage,
  paste,
  phone,
  send,
} from './chromium.ts'
import { startPlayground, type Playground } from './start.ts'
import { draw, step } from '../test-commands.ts'

const orSkipped = chromiumIsMissing ? ` (skipped: ${chromiumIsMissing})` : ''

const cat = async () => ({ name: 'cat.png', bytes: (await draw('cat', 'navy')).bytes })
const bot = (page: Page) => page.locator('.message.bot').last()

describe.skipIf(chromiumIsMissing)(`the page in Chromium${orSkipped}`, () => {
  let browser: Browser
  let playground: Playground

  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    playground = await startPlayground()
  })
  afterEach(async () => {
    await closePages(browser)
    await playground.stop()
  })

  const devices = [
    ['phone', phone],
    ['desktop', desktop],
  ] as const
  describe.each(some(1, devices))('on a %s', (_name, device) => {
    const themes = device === phone ? (['dark', 'light'] as const) : (['light', 'dark'] as const)
    test.each(some(1, themes))('in the %s theme a dropped picture gets its card', async (theme) => {
      const { page, complaints } = await openPage(browser, playground.url, {
        ...device,
        colorScheme: theme,
      })
      await drop(page, [await cat()])
      await bot(page).getByText('spider fires most').waitFor()
      const card = bot(page).locator('.picture img')
      expect(await card.getAttribute('alt')).toBe('The word spider on darkred.')
      const before = await card.getAttribute('src')
      await bot(page).getByRole('button', { name: 'train' }).click()
      await bot(page).getByText('train fires most').waitFor()
      expect(await card.getAttribute('src')).not.toBe(before)
      const other = theme === 'light' ? 'dark' : 'light'
      const shown = await card.getAttribute('src')
      expect(shown).toBe(`/files/${await card.getAttribute(`data-${theme}`)}`)
      await page.getByRole('button', { name: `Switch to the ${other} theme` }).click()
      expect(await card.getAttribute('src')).toBe(`/files/${await card.getAttribute(`data-${other}`)}`)
      // The picture of the other theme is fetched only now.
      await expect
        .poll(() => page.evaluate(`document.querySelector('.bot .picture img').naturalWidth`))
        .toBe(320)
      expect(complaints).toEqual([])
    })

    test('nothing is wider than the window', async () => {
      const narrow = device === phone ? { ...phone, viewport: { width: 360, height: 740 } } : device
      const { page } = await openPage(browser, playground.url, narrow)
      await send(page, '/everything')
      await bot(page).getByText('small print').waitFor()
      const tooWide = await page.evaluate(`
        [...document.querySelectorAll('body, .log, .message, .body, .body > *, .composer')]
          .filter((element) => element.getBoundingClientRect().right > innerWidth)
          .map(({ className }) => className)`)
      expect(tooWide).toEqual([])
      // A phone zooms out on a page that is wider than its screen, and counts invisible things too.
      await page.locator('.to-end').waitFor()
      expect(await page.evaluate('innerWidth')).toBe(narrow.viewport!.width)
    })
  })

  test.runIf(atLength)('a newcomer tries a picture from the project in one click', async () => {
    const { page, complaints } = await openPage(browser, playground.url)
    await page
      .getByRole('button', { name: /^Try this picture/ })
      .first()
      .click()
    await bot(page).getByText('spider fires most').waitFor()
    const posted = page.locator('.message.person .picture img')
    expect(await posted.getAttribute('alt')).toMatch(/.{20,} \(posted by /)
    expect(complaints).toEqual([])
  })

  test.runIf(atLength)(
    'a file can be chosen for a command that is being typed, and waits there to be sent',
    async () => {
      const { page } = await openPage(browser, playground.url)
      await page.locator('#line').fill('/neurons top:5')
      const choosing = page.waitForEvent('filechooser')
      await page.getByRole('button', { name: 'picture (needed)' }).click()
      await (
        await choosing
      ).setFiles({ name: 'cat.png', mimeType: 'image/png', buffer: Buffer.from((await cat()).bytes) })
      await page.getByRole('button', { name: 'Remove cat.png' }).waitFor()
      expect(await page.locator('.message').count()).toBe(0)
      await page.getByRole('button', { name: 'Send' }).click()
      await bot(page).getByText('spider fires most').waitFor()
      await page.locator('.message.person').getByText('top 5').waitFor()
      expect(await page.locator('#line').inputValue()).toBe('')
    },
  )

  test.runIf(atLength)('a pasted picture with words is a message, and its menu says what fires', async () => {
    const { page } = await openPage(browser, playground.url)
    const { page: other } = await openPage(browser, playground.url)
    await page.locator('#line').fill('Look at this')
    await paste(page, [await cat()])
    await page.getByRole('button', { name: 'Remove cat.png' }).waitFor()
    await page.keyboard.press('Enter')
    await other.locator('.message').getByText('Look at this').waitFor()
    await other.getByRole('button', { name: 'Menu of this picture' }).click()
    await other.getByRole('menuitem', { name: 'Which neurons fire?' }).click()
    await bot(other).getByText('spider fires most').waitFor()
    await bot(other).getByText('Only you can see this').waitFor()
    expect(await page.locator('.message.bot').count()).toBe(0)
    await bot(other).getByRole('button', { name: 'Dismiss' }).click()
    await expect.poll(() => other.locator('.message.bot').count()).toBe(0)
  })

  test.runIf(atLength)('a long press on a picture opens its menu', async () => {
    const { page } = await openPage(browser, playground.url, phone)
    await drop(page, [await cat()])
    await bot(page).getByText('spider fires most').waitFor()
    const { x, y } = (await bot(page).locator('.picture-open').boundingBox())!
    const client = await page.context().newCDPSession(page)
    const touchPoints = [{ x: x + 40, y: y + 60 }]
    await client.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints })
    await page.getByRole('menuitem', { name: 'Which neurons fire?' }).waitFor()
    await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    expect(await page.locator('.picture-dialog').count()).toBe(0)
  })

  test.runIf(atLength)('a picture opens large, and closes with Escape', async () => {
    const { page } = await openPage(browser, playground.url)
    await drop(page, [await cat()])
    await bot(page).getByText('spider fires most').waitFor()
    await bot(page).locator('.picture-open').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Which neurons fire?' }).waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  })

  test.runIf(atLength)('a form says what is wrong in it, keeps what was typed, and is sent', async () => {
    const { page } = await openPage(browser, playground.url)
    await send(page, '/poll')
    await bot(page).getByRole('button', { name: 'Answer' }).click()
    const dialog = page.getByRole('dialog', { name: 'Your answer' })
    const name = dialog.getByLabel('A better name')
    await name.evaluate((input) => input.removeAttribute('maxlength'))
    await name.fill('a name of more than twenty letters')
    await dialog.getByRole('button', { name: 'Send it' }).click()
    await dialog.getByText('takes at most 20 characters').waitFor()
    expect(await name.inputValue()).toBe('a name of more than twenty letters')
    await name.fill('web')
    await dialog.getByLabel('How sure you are').selectOption('Very sure')
    await dialog.getByRole('button', { name: 'Send it' }).click()
    await bot(page).getByText('answered web very').waitFor()
    expect(await dialog.count()).toBe(0)
  })

  test.runIf(atLength)('a select answers whoever chose', async () => {
    const { page } = await openPage(browser, playground.url)
    await send(page, '/everything')
    await page.getByRole('combobox', { name: 'Which one?' }).selectOption('The second')
    await expect.poll(() => bot(page).textContent()).toContain('chose b')
  })

  test.runIf(atLength)(
    'a tap on a picture places words there, on the page and in the large view',
    async () => {
      const { page } = await openPage(browser, playground.url, phone)
      await send(page, '/place')
      await bot(page).getByText('Tap where the words should go').waitFor()
      const picture = bot(page).getByRole('button', {
        name: 'Place on this picture: The word board on teal.',
      })
      const { width, height } = (await picture.boundingBox())!
      await picture.tap({ position: { x: width / 4, y: height / 2 } })
      const heading = bot(page).getByRole('heading', { name: /^at a / })
      await heading.waitFor()
      const place = async () => (await heading.textContent())!.split(' ').slice(2).map(Number)
      const [x, y] = await place()
      expect(x).toBeCloseTo(0.25, 1)
      expect(y).toBeCloseTo(0.5, 1)
      await bot(page).getByRole('button', { name: 'Menu of this picture' }).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('menuitem', { name: 'Open large' }).click()
      const large = page.getByRole('dialog').getByRole('button', { name: /^Place on this picture/ })
      const box = (await large.boundingBox())!
      await large.tap({ position: { x: box.width * 0.75, y: box.height * 0.1 } })
      await expect.poll(async () => (await place())[0]).toBeCloseTo(0.75, 1)
      expect((await place())[1]).toBeCloseTo(0.1, 1)
      expect(await page.getByRole('dialog').count()).toBe(0)
    },
  )

  test.runIf(atLength)(
    'arrow keys move a marker, Enter places it, and the next picture carries on from there',
    async () => {
      const { page } = await openPage(browser, playground.url)
      await send(page, '/place')
      const picture = bot(page).getByRole('button', { name: /^Place on this picture/ })
      await picture.focus()
      const described = (await picture.getAttribute('aria-describedby'))!
      expect(await page.locator(`#${described}`).textContent()).toContain('arrow keys and press Enter')
      for (const key of ['ArrowRight', 'ArrowUp', 'ArrowUp', 'Shift+ArrowUp']) await page.keyboard.press(key)
      await bot(page).getByText('55 % from the left, 39 % from the top').waitFor()
      expect(await bot(page).locator('.tap-marker').isVisible()).toBe(true)
      await page.keyboard.press('Enter')
      await bot(page).getByRole('heading', { name: 'at a 0.55 0.39' }).waitFor()
      await expect.poll(() => picture.evaluate('document.activeElement.className')).toContain('tap')
      await page.keyboard.press('ArrowLeft')
      await page.keyboard.press('Enter')
      await bot(page).getByRole('heading', { name: 'at a 0.5 0.39' }).waitFor()
    },
  )

  test.runIf(atLength)('progress shows in place and can be cancelled', async () => {
    const { page } = await openPage(browser, playground.url)
    await send(page, '/slow')
    await bot(page).getByText('Waiting for others').waitFor()
    // A node that was remade at each step would fade in again each time, and its picture would never be seen.
    await bot(page)
      .locator('.progress')
      .evaluate((node) => node.setAttribute('data-first', ''))
    await step()
    const first = bot(page).locator('.progress[data-first]')
    await first.getByText('Drawing 50 %').waitFor()
    await first.getByAltText('The word half on purple.').waitFor()
    await expect
      .poll(() => page.evaluate("getComputedStyle(document.querySelector('.progress')).opacity"))
      .toBe('1')
    await step()
    await bot(page).getByText('done at last').waitFor()
    expect(await page.locator('.message.bot').count()).toBe(1)
    await send(page, '/slow')
    await bot(page).getByRole('button', { name: 'Cancel' }).click()
    await page.locator('.message').getByText('Cancelled, as you wished.').waitFor()
  })

  test.runIf(atLength)(
    'a refused command stays with its explanation and goes back into the input line',
    async () => {
      const { page } = await openPage(browser, playground.url)
      await send(page, '/mistake word:spider web')
      await page.locator('.refusal').getByText('Please write another word.').waitFor()
      await page.getByRole('button', { name: 'Edit and try again' }).click()
      await expect.poll(() => page.locator('#line').inputValue()).toBe('/mistake word:spider web')
      await expect.poll(() => page.locator('.message').count()).toBe(0)
      // It has no options and needs none, so there is nothing to edit.
      await send(page, '/mistake')
      await page.getByRole('button', { name: 'Dismiss' }).waitFor()
      expect(await page.getByRole('button', { name: 'Edit and try again' }).count()).toBe(0)
      await page.getByRole('button', { name: 'Dismiss' }).click()
      await send(page, '/neurons top:99')
      await page.getByRole('alert').getByText('Please give "picture"').waitFor()
      expect(await page.locator('#line').inputValue()).toBe('/neurons top:99')
    },
  )

  test.runIf(atLength)('a refused picture comes back with its command', async () => {
    const { page } = await openPage(browser, playground.url)
    await drop(page, [{ name: 'text.png', bytes: Buffer.from('no picture') }])
    await page.locator('.refusal').getByText('This file is no picture that I can read.').waitFor()
    await page.getByRole('button', { name: 'Edit and try again' }).click()
    await expect.poll(() => page.getByRole('button', { name: 'Remove text.png' }).count()).toBe(1)
  })

  test.runIf(atLength)('a picture that is too large is refused at once', async () => {
    const { page } = await openPage(browser, playground.url)
    await drop(page, [{ name: 'large.png', size: 26 * 1024 * 1024 }])
    const alert = page.getByRole('alert')
    await expect.poll(() => alert.textContent()).toContain('large.png is larger than 25 MB')
  })

  test.runIf(atLength)('channels are separate, and show that something came meanwhile', async () => {
    const { page } = await openPage(browser, playground.url)
    const { page: other } = await openPage(browser, playground.url)
    await page.getByRole('button', { name: 'New channel' }).click()
    await page.getByLabel('Its name').fill('Daily Neuron')
    await page.getByRole('button', { name: 'Create' }).click()
    await page.getByRole('heading', { name: 'daily-neuron' }).waitFor()
    await send(page, 'in here')
    await other.getByRole('link', { name: 'daily-neuron 1 new' }).click()
    await other.locator('.message').getByText('in here').waitFor()
    expect(await other.locator('.unread').count()).toBe(0)
  })

  test.runIf(atLength)(
    'name and theme can be changed, and by the owner also whether they moderate',
    async () => {
      const { page } = await openPage(browser, playground.ownerUrl)
      await page.getByRole('button', { name: 'Change who you are' }).click()
      await page.getByLabel('What others call you').fill('Ada')
      await page.getByRole('radio', { name: 'Dark' }).check()
      await page.getByLabel("Try moderators' commands").check()
      await page.getByRole('button', { name: 'Done' }).click()
      await page.getByText('moderator', { exact: true }).waitFor()
      await send(page, '/contest end')
      await bot(page).getByText('ended').waitFor()
      expect(await page.locator('.message.person .name').textContent()).toBe('Ada')
      const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
      expect(await ground()).toBe('rgb(19, 18, 24)')
      await page.reload()
      await page.locator('.message').first().waitFor()
      expect(await ground()).toBe('rgb(19, 18, 24)')
      await page.getByRole('button', { name: 'Switch to the light theme' }).click()
      expect(await ground()).toBe('rgb(245, 243, 249)')
    },
  )

  test.runIf(atLength)(
    'a lost connection is reported, loses nothing that was typed, and recovers; what was missed is there',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'playground-page-'))
      const store = `sqlite://${join(folder, 'store.db')}`
      let server = await startPlayground(store)
      const port = Number(new URL(server.url).port)
      try {
        const { page } = await openPage(browser, server.url)
        await send(page, 'before')
        await page.locator('.message').getByText('before').waitFor()
        await server.stop()
        await page.getByText('Connection lost').waitFor()
        await send(page, 'meanwhile')
        await page.getByRole('alert').getByText('cannot be reached').waitFor()
        expect(await page.locator('#line').inputValue()).toBe('meanwhile')
        server = await startPlayground(store, port)
        const place = { platform: 'playground', community: 'playground', channel: 'general' } as const
        await server.outbox.post(place, { elements: [{ kind: 'text', text: 'good morning' }] }, 'morning')
        await page.getByText('Connection lost').waitFor({ state: 'hidden' })
        await page.locator('.message').getByText('good morning').waitFor()
        await page.locator('#line').press('Enter')
        await page.locator('.message').getByText('meanwhile').waitFor()
        expect(await page.locator('.message').count()).toBe(3)
      } finally {
        await server.stop()
        rmSync(folder, { recursive: true })
      }
    },
  )
})
