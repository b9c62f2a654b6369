import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { atLength } from '../../examples.ts'
import { chromiumIsMissing, launch, openPage, send } from './chromium.ts'
import { startPlayground, type Playground } from './start.ts'

const orSkipped = chromiumIsMissing ? ` (skipped: ${chromiumIsMissing})` : ''

/** Names of people, channels, commands and the model, which are the same in every language. */
const names =
  '.brand, .profile, .channels a, #channel-name, .command-row, .sample, .model, .note, .name, .command, .refusal p'

/** Everything that can be read or is read out, except names. */
const read = (page: Page) =>
  page.evaluate<string[]>(`(() => {
    const texts = []
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT)
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const element = node instanceof Element ? node : node.parentElement
      if (element.closest('script') || element.closest(${JSON.stringify(names)})) continue
      if (node instanceof Element)
        texts.push(...['aria-label', 'title', 'placeholder'].map((name) => node.getAttribute(name) ?? ''))
      else texts.push(node.data)
    }
    return texts.map((text) => text.trim()).filter((text) => /\\p{L}{3}/u.test(text))
  })()`)

/** The page's own sentences, wherever it has any. */
async function sentencesOf(browser: Browser, url: string, locale: string): Promise<string[]> {
  const { page, complaints } = await openPage(browser, url, { locale })
  const said = await read(page)
  const opened = async (button: string) => {
    await page.locator(button).click()
    await page.getByRole('dialog').waitFor()
    said.push(...(await read(page)))
    await page.keyboard.press('Escape')
  }
  for (const button of ['#help', '#profile', '#new-channel']) await opened(button)
  for (const line of ['/nothing', '/contest', '/contest end']) {
    await send(page, line)
    said.push(...(await read(page)))
  }
  await page.locator('#line').fill('')
  await page.locator('.channels a').nth(1).click()
  await send(page, '/mistake word:spider web')
  await page.locator('.refusal').waitFor()
  said.push(...(await read(page)))
  expect(complaints).toEqual([])
  return said
}

describe('the page speaks the language of the browser', () => {
  let playground: Playground
  beforeAll(async () => {
    playground = await startPlayground()
  })
  afterAll(() => playground.stop())

  test.skipIf(chromiumIsMissing || !atLength)(`and leaves no sentence in English${orSkipped}`, async () => {
    const browser = await launch()
    try {
      const said = new Set(await sentencesOf(browser, playground.url, 'en-GB'))
      const gesagt = await sentencesOf(browser, playground.url, 'de-AT')
      expect(gesagt).toContain('Welche Neuronen feuern bei deinem Bild?')
      expect(said.size).toBeGreaterThan(50)
      expect(gesagt.filter((sentence) => said.has(sentence))).toEqual([])
      for (const sentence of [...said, ...gesagt]) expect(sentence).not.toMatch(/page\.|\{\{/)
    } finally {
      await browser.close()
    }
  })

  test.each([
    ['de-CH,fr;q=0.9', 'de'],
    ['fr,de;q=0.8,en;q=0.5', 'de'],
    ['fr', 'en'],
    ['', 'en'],
  ])('that asks for "%s"', async (asked, language) => {
    const answer = await fetch(playground.url, { headers: { 'accept-language': asked } })
    expect(answer.headers.get('vary')).toBe('accept-language')
    expect(await answer.text()).toContain(`<html lang="${language}">`)
  })
})
