import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { atLength, some } from '../../examples.ts'
import type { BotProcess } from '../bot-process.ts'
import { spawnBot } from './bot-process.ts'
import { BrowserClient } from './browser-client.ts'
import { chromiumIsMissing, closePages, desktop, launch, openPage, phone, send } from './chromium.ts'

const orSkipped = chromiumIsMissing ? ` (skipped: ${chromiumIsMissing})` : ''
const folder = mkdtempSync(join(tmpdir(), 'sketch-'))

/** Channels in which there is a contest. */
const running = new Set<string>()

/**
 * The picture of the channel's contest open to write on; a contest is started if there is none. The page is
 * opened once, with the channel there: a second navigation right after the first can leave Chromium's driver waiting
 * for it for good.
 */
async function openContest(
  browser: Browser,
  url: string,
  channel: string,
  options: BrowserContextOptions = desktop,
) {
  if (!running.has(channel)) await (await BrowserClient.open(url)).post('/api/channels', { name: channel })
  const opened = await openPage(browser, `${url}#${channel}`, options)
  if (!running.has(channel)) await send(opened.page, '/fool start target:pizza sample:apple')
  running.add(channel)
  await opened.page.getByRole('button', { name: 'Write on it' }).click()
  await opened.page.locator('dialog.sketch').waitFor()
  return opened
}

const surface = (page: Page) => page.locator('.sketch-surface')
const sentence = (page: Page) => page.locator('.sketch-sentence')
const ink = (page: Page) => page.locator('.sketch-ink')
/** Waits until the model has looked at what is drawn now. */
const looked = (page: Page) => page.locator('dialog.sketch:not(.looking)').waitFor()
const barsOf = (page: Page) => page.locator('.sketch-bars').innerText()

/** A place on the picture, as the mouse knows it. */
async function at(page: Page, x: number, y: number): Promise<{ x: number; y: number }> {
  const box = (await surface(page).boundingBox())!
  return { x: box.x + x * box.width, y: box.y + y * box.height }
}

async function drag(page: Page, from: readonly [number, number], to: readonly [number, number]) {
  const [a, b] = [await at(page, ...from), await at(page, ...to)]
  await page.mouse.move(a.x, a.y)
  await page.mouse.down()
  await page.mouse.move(b.x, b.y, { steps: 8 })
  await page.mouse.up()
}

/** Where the word is, in percent from the left and the top, and how wide it is. */
const word = (page: Page) =>
  page.locator('.sketch-frame').evaluate(({ style }) => {
    const of = (name: string) => Number.parseFloat(style.getPropertyValue(`--${name}`))
    return { x: of('x'), y: of('y'), width: of('w'), angle: of('angle') }
  })

/** The pixels on the screen, at the picture's own size. */
async function seen(page: Page): Promise<Buffer> {
  const url: string = await page.evaluate(`(() => {
    const canvas = document.createElement('canvas')
    const drawn = document.querySelector('.sketch-surface canvas')
    canvas.width = drawn.width
    canvas.height = drawn.height
    const ctx = canvas.getContext('2d')
    ctx.drawImage(document.querySelector('.sketch-surface img'), 0, 0)
    ctx.drawImage(drawn, 0, 0)
    return canvas.toDataURL('image/png')
  })()`)
  return sharp(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'))
    .removeAlpha()
    .raw()
    .toBuffer()
}

/** Keeps the drawings that the page sends, for `sentBy`. */
const recordSent = (page: Page) =>
  page.evaluate(`
    window.sent = []
    const real = window.fetch
    window.fetch = (url, options) => {
      const drawing = options?.body instanceof FormData && options.body.get('file.drawing')
      if (drawing) window.sent.push({ url: String(url), drawing })
      return real(url, options)
    }`)

/** The last drawing that the page sent there. */
async function sentBy(page: Page, path: string): Promise<Buffer> {
  const base64: string = await page.evaluate(`(async () => {
    const { drawing } = window.sent.findLast(({ url }) => url === '${path}')
    const bytes = new Uint8Array(await drawing.arrayBuffer())
    return btoa([...bytes].map((byte) => String.fromCharCode(byte)).join(''))
  })()`)
  return Buffer.from(base64, 'base64')
}

/** Fingers on the picture: where they begin and where they end, in shares. */
async function fingers(
  page: Page,
  moves: readonly { readonly from: readonly [number, number]; readonly to: readonly [number, number] }[],
) {
  const client = await page.context().newCDPSession(page)
  const steps = 6
  for (let step = 0; step <= steps; step++) {
    const touchPoints = []
    for (const [id, { from, to }] of moves.entries()) {
      const share = (axis: 0 | 1) => from[axis] + ((to[axis] - from[axis]) * step) / steps
      touchPoints.push({ ...(await at(page, share(0), share(1))), id })
    }
    await client.send('Input.dispatchTouchEvent', {
      type: step === 0 ? 'touchStart' : 'touchMove',
      touchPoints,
    })
  }
  await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
}

/** How much of the picture is drawn over, by the canvas's own pixels. */
const covered = (page: Page): Promise<number> =>
  page.evaluate(`(() => {
    const canvas = document.querySelector('.sketch-surface canvas')
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    let count = 0
    for (let i = 3; i < data.length; i += 4) if (data[i] > 0) count += 1
    return (4 * count) / data.length
  })()`)

describe.skipIf(chromiumIsMissing)(`writing on a contest's picture in Chromium${orSkipped}`, () => {
  let browser: Browser
  let bot: BotProcess
  let url: string

  beforeAll(async () => {
    browser = await launch()
    bot = spawnBot(folder)
    url = (await bot.serves())[1]!
  })
  afterEach(() => closePages(browser))
  afterAll(async () => {
    await browser.close()
    await bot.end('SIGKILL')
    rmSync(folder, { recursive: true })
  })

  const devices = [
    ['phone', 'dark', phone],
    ['desktop', 'light', desktop],
    ['desktop', 'dark', desktop],
    ['phone', 'light', phone],
  ] as const
  test.each(some(1, devices))(
    'on a %s in the %s theme a typed word wins, and what was seen is what is entered',
    async (name, colorScheme, device) => {
      const { page, complaints } = await openContest(browser, url, `${name}-${colorScheme}`, {
        ...device,
        colorScheme,
      })
      await recordSent(page)
      const clean = await barsOf(page)
      await page.locator('#sketch-word').fill('pizza')
      await looked(page)
      await sentence(page).getByText('It sees pizza!').waitFor()
      const said = await ink(page).innerText()
      expect(said).toMatch(/^\d[\d.]*\s% ink$/)
      expect(await barsOf(page)).not.toBe(clean)
      const screen = await seen(page)
      const picture = await (
        await page.request.get(url + (await surface(page).locator('img').getAttribute('src')))
      ).body()
      await page.getByRole('button', { name: 'Enter', exact: true }).click()
      const entry = page.locator('.message.bot').last()
      await entry.getByText('It fools the model with').waitFor()
      await page.locator('dialog').waitFor({ state: 'detached' })
      // Whatever a button brought up scrolls into view.
      await expect.poll(() => entry.evaluate((item) => item.getBoundingClientRect().top)).toBeLessThan(500)
      expect((await entry.innerText()).replace(/\s/g, ' ')).toContain(said.replace(/\s/g, ' '))

      const entered = await sentBy(page, '/api/press')
      expect(entered.equals(await sentBy(page, '/api/look'))).toBe(true)
      const judged = await sharp(picture)
        .composite([{ input: entered }])
        .removeAlpha()
        .raw()
        .toBuffer()
      // Two decoders for one JPEG, and two ways to round a half: a grey level or two.
      const off = judged.reduce((most, value, i) => Math.max(most, Math.abs(value - screen[i]!)), 0)
      expect(off).toBeLessThanOrEqual(4)
      expect(complaints).toEqual([])
    },
  )

  test.runIf(atLength)('by mouse a word is dragged, sized by the wheel, and all of it undone', async () => {
    const { page } = await openContest(browser, url, 'practice')
    await page.locator('#sketch-word').fill('pizza')
    const first = await word(page)
    await drag(page, [0.5, 0.5], [0.3, 0.75])
    const dragged = await word(page)
    expect(dragged.x).toBeCloseTo(first.x - 20, 0)
    expect(dragged.y).toBeCloseTo(first.y + 25, 0)
    await page.mouse.wheel(0, -100)
    await expect.poll(async () => (await word(page)).width).toBeGreaterThan(first.width * 1.05)
    await page.getByRole('button', { name: 'Undo' }).click()
    expect(await word(page)).toEqual(dragged)
    await page.getByRole('button', { name: 'Undo' }).click()
    expect(await word(page)).toEqual(first)
    // A click where nothing is written brings the word there.
    await drag(page, [0.8, 0.2], [0.8, 0.2])
    expect((await word(page)).x).toBeCloseTo(80, 0)
  })

  test.runIf(atLength)(
    'by mouse the pen draws in the chosen colour, and the model says what it makes of it',
    async () => {
      const { page } = await openContest(browser, url, 'practice')
      await page.getByRole('radio', { name: 'Pen' }).check({ force: true })
      await page.getByRole('radio', { name: 'red' }).check({ force: true })
      const clean = await barsOf(page)
      await drag(page, [0.2, 0.2], [0.8, 0.7])
      const one = await covered(page)
      expect(one).toBeGreaterThan(0.005)
      await looked(page)
      expect(await ink(page).innerText()).toMatch(/\d\s% ink$/)
      expect(await barsOf(page)).not.toBe(clean)
      await drag(page, [0.8, 0.2], [0.2, 0.7])
      expect(await covered(page)).toBeGreaterThan(one * 1.5)
      await page.keyboard.press('Control+z')
      expect(await covered(page)).toBe(one)
      await page.getByRole('button', { name: 'Clear' }).click()
      expect(await covered(page)).toBe(0)
      expect(await barsOf(page)).toBe(clean)
      await page.keyboard.press('Control+z')
      expect(await covered(page)).toBe(one)
    },
  )

  test.runIf(atLength)('by finger a word is dragged, pinched larger and turned; the pen draws', async () => {
    const { page } = await openContest(browser, url, 'practice', phone)
    await page.locator('#sketch-word').fill('pizza')
    const first = await word(page)
    await fingers(page, [{ from: [0.5, 0.5], to: [0.6, 0.7] }])
    const dragged = await word(page)
    expect(dragged.x).toBeCloseTo(first.x + 10, 0)
    expect(dragged.y).toBeCloseTo(first.y + 20, 0)
    await fingers(page, [
      { from: [0.5, 0.7], to: [0.4, 0.6] },
      { from: [0.7, 0.7], to: [0.8, 0.8] },
    ])
    const pinched = await word(page)
    expect(pinched.width).toBeGreaterThan(1.3 * dragged.width)
    expect(Math.abs(pinched.angle)).toBeGreaterThan(10)
    await page.getByRole('radio', { name: 'Pen' }).check({ force: true })
    const before = await covered(page)
    await fingers(page, [{ from: [0.1, 0.1], to: [0.9, 0.15] }])
    expect(await covered(page)).toBeGreaterThan(before)
  })

  test.runIf(atLength)(
    'with the keyboard alone a word is written, moved, sized, turned and entered, and a line drawn',
    async () => {
      const { page } = await openContest(browser, url, 'keys')
      await page.locator('#sketch-word').focus()
      await page.keyboard.type('pizza')
      const first = await word(page)
      await surface(page).focus()
      for (const key of ['ArrowDown', 'ArrowDown', 'ArrowLeft', '+', ']']) await page.keyboard.press(key)
      const moved = await word(page)
      expect(moved.y).toBeCloseTo(first.y + 8, 0)
      expect(moved.x).toBeCloseTo(first.x - 4, 0)
      expect(moved.width).toBeGreaterThan(first.width)
      expect(moved.angle).toBe(5)
      const before = await covered(page)
      await page.getByRole('radio', { name: 'Word' }).focus()
      await page.keyboard.press('ArrowRight')
      await surface(page).focus()
      for (const key of [' ', 'ArrowUp', 'ArrowUp', 'ArrowUp', ' ']) await page.keyboard.press(key)
      const line = await covered(page)
      expect(line).toBeGreaterThan(before)
      await page.keyboard.press('ArrowUp')
      expect(await covered(page)).toBe(line)
      await page.getByRole('button', { name: 'Enter', exact: true }).focus()
      await page.keyboard.press('Enter')
      await page.locator('.message.bot').last().getByText(/fool/).first().waitFor()
      await page.locator('dialog').waitFor({ state: 'detached' })
    },
  )

  test.runIf(atLength)(
    'unfinished work waits while the window is closed, and a rude word is refused without losing it',
    async () => {
      const { page } = await openContest(browser, url, 'practice')
      await page.locator('#sketch-word').fill('fuck')
      await page.getByRole('button', { name: 'Close' }).click()
      await page.locator('dialog').waitFor({ state: 'detached' })
      await page.getByRole('button', { name: 'Write on it' }).click()
      await page.locator('dialog.sketch').waitFor()
      expect(await covered(page)).toBeGreaterThan(0)
      await page.getByRole('button', { name: 'Enter', exact: true }).click()
      await page.getByText('Please write something without rude words').waitFor()
    },
  )

  test.runIf(atLength)('no accessibility rule is broken', async () => {
    for (const device of some(1, [phone, desktop])) {
      const { page } = await openContest(browser, url, 'practice', device)
      await page.locator('#sketch-word').fill('pizza')
      await looked(page)
      await page.evaluate(axe.source)
      const broken = await page.evaluate(
        `axe.run('dialog.sketch').then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))`,
      )
      expect(broken).toEqual([])
    }
  })
})
