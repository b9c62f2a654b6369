import { existsSync } from 'node:fs'
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core'

const executablePath = '/usr/bin/chromium'

/** Why tests of the page must be skipped on this machine, or undefined. */
export const chromiumIsMissing = existsSync(executablePath) ? undefined : `there is no ${executablePath}`

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const launch = (): Promise<Browser> => chromium.launch({ executablePath, args })

export const desktop: BrowserContextOptions = { viewport: { width: 1280, height: 800 } }

export const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
}

/** Contexts that are no longer in use, by what they were made with: Chromium takes a second to make one. */
const free = new WeakMap<Browser, Map<string, BrowserContext[]>>()
const keys = new WeakMap<BrowserContext, string>()

async function contextFor(browser: Browser, options: BrowserContextOptions): Promise<BrowserContext> {
  const key = JSON.stringify(options)
  const context = free.get(browser)?.get(key)?.pop() ?? (await browser.newContext(options))
  keys.set(context, key)
  return context
}

/**
 * The next visitor is somebody new, and finds nothing left of these pages. One page of each context stays open to be
 * sent elsewhere: a new one is a new Chromium process, which costs as much as loading the page.
 */
export async function closePages(browser: Browser): Promise<void> {
  const left = new Map<string, BrowserContext[]>()
  await Promise.all(
    browser.contexts().map(async (context) => {
      const [kept, ...others] = context.pages()
      for (const page of others) await page.close()
      if (kept?.url().startsWith('http')) await kept.evaluate('localStorage.clear()')
      await kept?.goto('about:blank')
      for (const name of ['console', 'pageerror']) kept?.removeAllListeners(name)
      await context.clearCookies()
      const key = keys.get(context)!
      left.set(key, [...(left.get(key) ?? []), context])
    }),
  )
  free.set(browser, left)
}

/** The page for somebody new; `complaints` has what its console complains about. */
export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = desktop) {
  const context = await contextFor(browser, { locale: 'en-GB', reducedMotion: 'reduce', ...options })
  const page = context.pages()[0] ?? (await context.newPage())
  page.setDefaultTimeout(120_000)
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(url)
  await page.locator('.welcome, .message').first().waitFor()
  return { page, complaints }
}

/** A file as a person has it; `size` zeros if its content does not matter. */
export type Given = { readonly name: string } & ({ readonly bytes: Uint8Array } | { readonly size: number })

/** A DataTransfer in the page, as a script because these tests have no DOM types. */
function transferOf(files: readonly Given[]): string {
  const given = files.map((file) =>
    'size' in file ? file : { name: file.name, base64: Buffer.from(file.bytes).toString('base64') },
  )
  return `${JSON.stringify(given)}.reduce((transfer, { name, size, base64 }) => {
    const bytes = base64 ? Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)) : new Uint8Array(size)
    transfer.items.add(new File([bytes], name, { type: 'image/png' }))
    return transfer
  }, new DataTransfer())`
}

/** Drops files on the page, as from a desktop. */
export async function drop(page: Page, files: readonly Given[]): Promise<void> {
  const dataTransfer = await page.evaluateHandle(transferOf(files))
  for (const type of ['dragenter', 'dragover', 'drop'])
    await page.locator('.log').dispatchEvent(type, { dataTransfer })
}

/** Pastes files into the input line. */
export async function paste(page: Page, files: readonly Given[]): Promise<void> {
  const event = `new ClipboardEvent('paste', { clipboardData: ${transferOf(files)}, bubbles: true })`
  await page.evaluate(`document.querySelector('#line').dispatchEvent(${event})`)
}

/** Types a line and sends it, without taking a suggestion. */
export async function send(page: Page, line: string): Promise<void> {
  await page.locator('#line').fill(line)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Enter')
}
