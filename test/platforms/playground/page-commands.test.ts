import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import axe from 'axe-core'
import { pino } from 'pino'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commands } from '../../../commands/index.ts'
import { english } from '../../../src/language.ts'
import { connectPlayground } from '../../../src/platforms/playground/connect.ts'
import { describeCommands } from '../../../src/platforms/playground/describe.ts'
import { projectRoot } from '../../../src/root.ts'
import { atLength } from '../../examples.ts'
import { openTable, type Table } from '../../commands/harness.ts'
import { chromiumIsMissing, launch, openPage, paste } from './chromium.ts'

const orSkipped = chromiumIsMissing ? ` (skipped: ${chromiumIsMissing})` : ''
const assets = join(projectRoot, 'assets')

/** Every command, in an order that gives each something to say; with a picture of ours if it takes one. */
const lines: readonly (readonly [line: string, picture?: string])[] = [
  ['/help'],
  ['/help fool'],
  ['/neurons', 'dog.jpg'],
  ['/neuron spider'],
  ['/guess round:look'],
  ['/guess round:pictures'],
  ['/guess round:which'],
  ['/hunt start spider'],
  ['/hunt enter', 'spider.jpg'],
  ['/hunt board'],
  ['/spotlight now'],
  ['/spotlight here time:9:00'],
  ['/spotlight list'],
  ['/spotlight off'],
  ['/avatar'],
  ['/fool start target:pizza sample:lion'],
  ['/fool write pizza'],
  ['/fool enter', 'lion.jpg'],
  ['/fool board'],
  ['/fool withdraw'],
  ['/fool remove entry:1'],
  ['/fool extend 2 hours'],
  ['/fool attack words:pizza', 'dog.jpg'],
  ['/fool end'],
  ['/fool history'],
  ['/scores'],
  ['/settings'],
  ['/privacy show'],
  ['/privacy delete'],
]

/** Types a line, and waits until it is answered. */
async function say(page: Page, line: string, picture?: string): Promise<void> {
  const before = await page.locator('.message').count()
  await page.locator('#line').fill(line)
  if (picture) await paste(page, [{ name: picture, bytes: readFileSync(join(assets, 'contest', picture)) }])
  await page.locator('#line').press('Escape')
  await page.locator('#line').press('Enter')
  const isAnswered = () =>
    page.evaluate<boolean>(
      `document.querySelectorAll('.message').length > ${before} &&
        !document.querySelector('.message.busy, .composer[aria-busy], .message.bot .body:empty')`,
    )
  await expect.poll(isAnswered, { message: line }).toBe(true)
}

const violations = (page: Page) =>
  page.evaluate<string[]>(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ': ' + html + failureSummary)))`)

describe.skipIf(chromiumIsMissing || !atLength)(`what every command answers, on the page${orSkipped}`, () => {
  let browser: Browser
  let table: Table
  beforeAll(async () => {
    browser = await launch()
    table = await openTable(commands)
  })
  afterAll(async () => {
    await browser.close()
    await table.close()
  })

  test('satisfies axe in both themes, and is no wider than a phone', async () => {
    const { store } = table.services
    const playground = await connectPlayground({
      dispatcher: table.dispatcher,
      store,
      log: pino({ level: 'silent' }),
      host: '127.0.0.1',
      port: 0,
      assets,
      now: () => new Date(),
    })
    try {
      const { page, complaints } = await openPage(browser, playground.ownerUrl, {
        viewport: { width: 390, height: 844 },
      })
      await page.evaluate(`import('/api.js').then(({ post }) => post('me', { moderator: true }))`)
      await page.locator('.profile').getByText('moderator').waitFor({ state: 'attached' })
      for (const [line, picture] of lines) await say(page, line, picture)
      const said = await page.locator('.message .command code').allTextContents()
      const all = describeCommands(commands, english).map(({ path }) => `/${path.join(' ')}`)
      expect([...new Set(said)].toSorted()).toEqual(all.toSorted())
      expect(await page.getByText('Something went wrong').count()).toBe(0)
      const tooWide = await page.evaluate<string[]>(`
        [...document.querySelectorAll('body, .log, .message, .body, .body > *')]
          .filter((element) => element.getBoundingClientRect().right > innerWidth)
          .map((element) => element.className + ' ' + element.textContent.slice(0, 80))`)
      expect(tooWide).toEqual([])
      await page.evaluate(axe.source)
      expect(await violations(page)).toEqual([])
      await page.locator('#theme').click()
      expect(await violations(page)).toEqual([])
      expect(complaints).toEqual([])
    } finally {
      await playground.stop()
    }
  })
})
