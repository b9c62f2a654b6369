import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { atLength, some } from '../../examples.ts'
import { chromiumIsMissing, closePages, desktop, drop, launch, openPage, phone, send } from './chromium.ts'
import { startPlayground, type Playground } from './start.ts'
import { draw } from '../test-commands.ts'

const orSkipped = chromiumIsMissing ? ` (skipped: ${chromiumIsMissing})` : ''

const bot = (page: Page) => page.locator('.message.bot').last()
const focused = (page: Page) =>
  page.evaluate(`document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent`)

/** What axe finds wrong, and where: colours, names, roles and the structure of the page. */
async function problems(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  return page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ': ' + html + failureSummary)))`)
}

describe.skipIf(chromiumIsMissing)(`the page is for everybody${orSkipped}`, () => {
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
    ['phone', 'dark', { ...phone, colorScheme: 'dark' }],
    ['desktop', 'light', { ...desktop, colorScheme: 'light' }],
    ['desktop', 'dark', { ...desktop, colorScheme: 'dark' }],
    ['phone', 'light', { ...phone, colorScheme: 'light' }],
  ] as const
  describe.each(some(1, devices))(
    'on a %s in the %s theme axe finds nothing wrong',
    (_device, _theme, options) => {
      test('with the welcome, with messages of every kind, with dialogs and menus', async () => {
        const { page, complaints } = await openPage(browser, playground.url, options)
        expect(await problems(page)).toEqual([])
        await drop(page, [{ name: 'cat.png', bytes: (await draw('cat', 'navy')).bytes }])
        await bot(page).getByText('spider fires most').waitFor()
        await send(page, '/mistake word:spider')
        await page.getByRole('button', { name: 'Edit and try again' }).waitFor()
        await send(page, '/whisper')
        await bot(page).getByText('Only you can see this').waitFor()
        await send(page, '/place')
        await bot(page).locator('.tap-hint').waitFor()
        await send(page, '/everything')
        await bot(page).getByText('small print').waitFor()
        await page.locator('#line').fill('/contest start ')
        await page.getByRole('option', { name: 'target:' }).waitFor()
        expect(await problems(page)).toEqual([])
        await page.keyboard.press('Escape')
        await bot(page).getByRole('button', { name: 'Menu of this picture' }).first().focus()
        await page.keyboard.press('Enter')
        await page.getByRole('menu').waitFor()
        expect(await problems(page)).toEqual([])
        await page.keyboard.press('Escape')
        await bot(page).getByRole('button', { name: 'Answer' }).click()
        await page.getByRole('dialog').waitFor()
        expect(await problems(page)).toEqual([])
        await page.keyboard.press('Escape')
        await bot(page).locator('.picture-open').first().click()
        await page.getByRole('dialog').waitFor()
        expect(await problems(page)).toEqual([])
        await page.keyboard.press('Escape')
        await page.getByRole('button', { name: 'How does this work?' }).click()
        await page.getByRole('dialog').waitFor()
        expect(await problems(page)).toEqual([])
        expect(complaints).toEqual([])
      })
    },
  )

  test.runIf(atLength)('a command can be found, completed and sent with the keyboard alone', async () => {
    const { page } = await openPage(browser, playground.url)
    await page.keyboard.type('/con')
    const line = page.getByRole('combobox', { name: 'Write to #general' })
    await page.getByRole('option', { name: '/contest start' }).waitFor()
    expect(await line.getAttribute('aria-expanded')).toBe('true')
    await page.keyboard.press('Tab')
    expect(await line.inputValue()).toBe('/contest start ')
    await page.keyboard.type('ipod i')
    await page.getByRole('option', { name: 'ink:' }).waitFor()
    await page.keyboard.press('ArrowDown')
    expect(await line.getAttribute('aria-activedescendant')).toBe('suggestion-0')
    await page.keyboard.press('Enter')
    await page.getByRole('option', { name: 'A little' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    expect(await line.inputValue()).toBe('/contest start ipod ink:much ')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Enter')
    await bot(page).getByText('contest for ipod, much ink').waitFor()
    expect(await line.inputValue()).toBe('')
    expect(await focused(page)).toBe('Write to #general')
  })

  test.runIf(atLength)('values that the command suggests are offered while typing', async () => {
    const { page } = await openPage(browser, playground.url)
    await page.keyboard.type('/mistake word:spi')
    await page.getByRole('option', { name: 'the word spindle' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    expect(await page.locator('#line').inputValue()).toBe('/mistake word:spindle ')
  })

  test.runIf(atLength)('a pressed button keeps the focus while its message changes', async () => {
    const { page } = await openPage(browser, playground.url)
    await drop(page, [{ name: 'cat.png', bytes: (await draw('cat', 'navy')).bytes }])
    await bot(page).getByText('spider fires most').waitFor()
    await bot(page).getByRole('button', { name: 'train' }).focus()
    await page.keyboard.press('Enter')
    await bot(page).getByText('train fires most').waitFor()
    expect(await focused(page)).toBe('train')
  })

  test.runIf(atLength)(
    'keys open a picture’s menu, move in it and close it, and the focus goes back',
    async () => {
      const { page } = await openPage(browser, playground.url)
      await drop(page, [{ name: 'cat.png', bytes: (await draw('cat', 'navy')).bytes }])
      await bot(page).getByText('spider fires most').waitFor()
      await bot(page).locator('.picture-open').focus()
      await page.keyboard.press('Tab')
      expect(await focused(page)).toBe('Menu of this picture')
      await page.keyboard.press('Enter')
      expect(await focused(page)).toBe('Which neurons fire?')
      await page.keyboard.press('ArrowDown')
      expect(await focused(page)).toBe('Open large')
      await page.keyboard.press('Escape')
      expect(await focused(page)).toBe('Menu of this picture')
      await page.keyboard.press('Enter')
      await page.keyboard.press('Enter')
      await expect.poll(() => bot(page).textContent()).toContain('Only you can see this')
    },
  )

  test.runIf(atLength)('what the bot says is read out, in words and alt text', async () => {
    const { page } = await openPage(browser, playground.url)
    await drop(page, [{ name: 'cat.png', bytes: (await draw('cat', 'navy')).bytes }])
    const live = page.locator('[aria-live=polite]')
    await expect
      .poll(() => live.textContent())
      .toBe('Neuron Games: spider fires most. The word spider on darkred.')
    await send(page, '/mistake word:spider')
    await expect.poll(() => live.textContent()).toContain('/mistake. Please write another word.')
  })

  test.runIf(atLength)('on a phone the channels open over the page, hold the focus, and close', async () => {
    const { page } = await openPage(browser, playground.url, phone)
    expect(await page.getByRole('link', { name: 'games' }).isVisible()).toBe(false)
    await page.getByRole('button', { name: 'Channels' }).tap()
    await page.getByRole('link', { name: 'games' }).tap()
    await page.getByRole('heading', { name: 'games' }).waitFor()
    await expect.poll(() => page.getByRole('link', { name: 'games' }).isVisible()).toBe(false)
  })
})
