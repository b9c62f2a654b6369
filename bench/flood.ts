/**
 * What one person who floods the bot does to another, and to the memory, in a bot process of its own with a playground:
 * 500 times /neurons with a photograph, with the usual cooldowns and without any; and four PNGs of one column of
 * 50,000,000 pixels. `npm run bench flood`.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { projectRoot } from '../src/root.ts'
import { BrowserClient } from '../test/platforms/playground/browser-client.ts'
import { png } from '../test/pictures/png.ts'
import { photograph } from './photograph.ts'
import { ms, print } from './report.ts'

const requestCount = 500
const newcomerCount = 5
const unlimited = { COOLDOWN_PERSON: '10000', COOLDOWN_COMMUNITY: '100000' }

const photo = new Blob([new Uint8Array(await photograph(1152, 864, 1))])
const column = new Blob([new Uint8Array(png(1, 50_000_000, Buffer.alloc(100e6), { bits: 1, colour: 0 }))])

async function startBot(settings: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), 'neuron-games-flood-'))
  const env = { ...process.env, PORT: '0', STORE_URL: `sqlite://${folder}/store.db`, ...settings }
  const child = spawn(process.execPath, [join(projectRoot, 'dist/src/main.js')], { env, cwd: folder })
  let said = ''
  child.stdout.resume()
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (chunk) => {
      said += chunk
      const found = /The playground is at (http:\/\/[\w.:]+)/.exec(said)?.[1]
      if (found) resolve(found)
    })
    child.once('exit', () => reject(new Error(said)))
  })
  return {
    url,
    async megabytes() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
      const of = (line: string) => Number(new RegExp(`${line}:\\s+(\\d+) kB`).exec(status)![1]) / 1024
      return { now: of('VmRSS'), most: of('VmHWM') }
    },
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'exit')
      await rm(folder, { recursive: true })
    },
  }
}

/** How long one person waits for the answer to /neurons. */
async function wait(url: string): Promise<number> {
  const browser = await BrowserClient.open(url)
  const me = (await browser.state()).me.id
  const start = performance.now()
  await browser.run('neurons', {}, { picture: photo })
  for (;;) {
    const { messages } = await browser.state()
    const asked = messages.find(({ author, command }) => author.id === me && command)
    if (asked?.refusal) throw new Error(asked.refusal)
    if (messages.some(({ answerTo, elements }) => answerTo === asked?.id && elements))
      return performance.now() - start
    await setTimeout(100)
  }
}

const mb = (size: number): string => `${Math.round(size)} MB`

async function flood(what: string, picture: Blob, requests: number, settings: Record<string, string>) {
  const bot = await startBot(settings)
  const alone = await wait(bot.url)
  const before = await bot.megabytes()
  const bob = await BrowserClient.open(bot.url)
  const sent = Array.from({ length: requests }, () => bob.run('neurons', {}, { picture }))
  const waits: number[] = []
  for (let i = 0; i < newcomerCount; i++) waits.push(await wait(bot.url))
  const statuses = (await Promise.all(sent)).map(({ status }) => status)
  const after = await bot.megabytes()
  await bot.stop()
  print(`${requests} x ${what} by one person`, [
    ['a newcomer waits, nobody else there', ms(alone)],
    ['longest wait of a newcomer meanwhile', ms(Math.max(...waits))],
    ['taken of the flood at the door', `${statuses.filter((status) => status === 200).length}`],
    ['memory before', mb(before.now)],
    ['memory at its highest', mb(after.most)],
    ['memory afterwards', mb(after.now)],
  ])
}

await flood('a photograph', photo, requestCount, {})
await flood('a photograph, no cooldowns', photo, requestCount, unlimited)
await flood('1 x 50,000,000 pixels, no cooldowns', column, 4, unlimited)
