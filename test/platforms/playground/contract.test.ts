import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import type { PageElement, PageMessage, PageSpan } from '../../../src/platforms/playground/message.ts'
import type { PageEvent } from '../../../src/platforms/playground/page.ts'
import {
  platformContract,
  type Asked,
  type PlatformDriver,
  type Shown,
  type Who,
} from '../platform.contract.ts'
import { BrowserClient } from './browser-client.ts'
import { startPlayground } from './start.ts'

/** All runs of spans in an element, whatever its kind. */
const textsIn = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return []
  const parts: unknown[] = Object.values(value)
  const isRun =
    Array.isArray(value) &&
    parts.every((part) => typeof part === 'object' && 'style' in part! && 'text' in part)
  return isRun ? [value.map(({ text }: PageSpan) => text).join('')] : parts.flatMap(textsIn)
}

function shown(message: PageMessage, sentence = ''): Shown {
  const { id, onlyFor, refusal = '', elements = [], progress } = message
  const of = <K extends PageElement['kind']>(kind: K) =>
    elements.filter((element): element is Extract<PageElement, { kind: K }> => element.kind === kind)
  const pictures = [
    ...of('picture').map(({ picture }) => picture),
    ...of('gallery').flatMap((each) => each.pictures),
  ]
  const files = of('file').map(({ file }) => file.name)
  return {
    id,
    words: [sentence, refusal, progress?.text ?? '', ...textsIn(elements), ...files].join(' ').trim(),
    pictures: pictures.map(({ alt }) => ({ alt })),
    buttons: of('buttons').flatMap(({ buttons }) => buttons.map(({ label }) => label)),
    choices: of('select').flatMap(({ choices }) => choices.map(({ label }) => label)),
    files,
    forOne: onlyFor !== undefined || sentence !== '',
  }
}

async function connect(): Promise<PlatformDriver> {
  const folder = mkdtempSync(join(tmpdir(), 'playground-contract-'))
  let logged = ''
  const log = pino(
    { level: 'debug' },
    new Writable({
      write(chunk, _encoding, done) {
        logged += String(chunk)
        done()
      },
    }),
  )
  const start = () => startPlayground(`sqlite://${join(folder, 'store.db')}`, 0, log)
  let playground = await start()
  const people = Object.fromEntries(
    await Promise.all(
      ['ada', 'ben', 'mo'].map(async (who) => [who, await BrowserClient.open(playground.url)] as const),
    ),
  ) as Record<Who, BrowserClient>
  await people.mo.own(playground.ownerUrl)
  await people.mo.post('/api/me', { moderator: true })

  /** What follows from one request, in the order in which that person's page hears about it. */
  const ask = async (
    who: Who,
    send: (browser: BrowserClient) => ReturnType<BrowserClient['post']>,
  ): Promise<Asked> => {
    const browser = people[who]
    const { cursor, messages } = await browser.state()
    const known = new Map(messages.map((message) => [message.id, message]))
    const { status, body } = await send(browser)
    const shownIn = (event: PageEvent): Shown | undefined => {
      if (event.kind === 'message' && (event.message.author.bot || event.message.refusal))
        return shown(event.message)
      const about = event.kind === 'notice' && known.get(event.id)
      return about ? shown(about, event.sentence) : undefined
    }
    return {
      async shown(words) {
        if (status !== 200) return shown(messages[0]!, String(body.sentence))
        const holds = (event: PageEvent) => shownIn(event)?.words.includes(words) === true && words !== ''
        const settled = (event: PageEvent) =>
          words === '' && event.kind === 'message' && event.message.elements !== undefined
        const over = (event: PageEvent) => holds(event) || settled(event) || event.kind === 'reset'
        const { event } = (await browser.events(over, {}, `?after=${cursor}`)).at(-1)!
        // It was restarted meanwhile.
        if (event.kind === 'reset')
          return shown(await browser.message((each) => shown(each).words.includes(words)))
        return shownIn(event)!
      },
    }
  }
  const press = (at: Shown, label: string, who: Who, more: Record<string, unknown>) =>
    ask(who, async (browser) => {
      const { elements } = await browser.message(({ id }) => id === at.id)
      const button = elements!
        .flatMap((each) => (each.kind === 'buttons' ? each.buttons : []))
        .find((each) => each.label === label)
      return browser.post('/api/press', { message: at.id, id: button!.id, ...more })
    })
  return {
    run: (path, options = {}, who = 'ada') => {
      const given = Object.entries(options)
      const typed = given.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []))
      const files = given.flatMap(([name, value]) =>
        typeof value === 'string' ? [] : [[name, new Blob([new Uint8Array(value)])]],
      )
      return ask(who, (browser) =>
        browser.run(path.join(' '), Object.fromEntries(typed), Object.fromEntries(files)),
      )
    },
    async menu(label, pictures, who = 'ada') {
      const text = `look ${Date.now()}`
      const files = pictures.map((bytes, index) => [`picture${index}`, new Blob([new Uint8Array(bytes)])])
      await people.ben.post('/api/say', { text }, Object.fromEntries(files))
      const message = await people[who].message((each) => each.text === text)
      const { menus } = await people[who].state()
      const name = menus.find((each) => each.label === label)!.name
      return ask(who, (browser) =>
        browser.post('/api/menu', { name, message: message.id, file: message.files?.[0]?.id ?? '' }),
      )
    },
    mention: () => Promise.reject(new Error('every picture has a button of its own')),
    press: (at, label, who = 'ada') => press(at, label, who, {}),
    fillIn: (at, label, values, who = 'ada') => press(at, label, who, { values }),
    choose: (at, label, who = 'ada') =>
      ask(who, async (browser) => {
        const { elements } = await browser.message(({ id }) => id === at.id)
        const select = elements!.find((each) => each.kind === 'select')!
        const { value } = select.choices.find((each) => each.label === label)!
        return browser.post('/api/press', { message: at.id, id: select.id, chosen: [value] })
      }),
    async complete(path, option, typed) {
      const asked = new URLSearchParams({
        channel: 'general',
        path: path.join(' '),
        option,
        typed,
      }).toString()
      const { choices } = (await (await people.ada.get(`/api/complete?${asked}`)).json()) as {
        choices: { label: string }[]
      }
      return choices.map(({ label }) => label)
    },
    async restart() {
      await playground.stop()
      playground = await start()
      for (const browser of Object.values(people)) browser.moveTo(playground.url)
    },
    async stop() {
      await playground.stop()
      rmSync(folder, { recursive: true })
    },
    log: () => logged,
    secrets: [],
    wrong: () => [],
  }
}

platformContract('the playground', connect, { mention: 'every picture has a button of its own' })
