import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { projectRoot } from '../src/root.ts'
import { atLength, some } from './examples.ts'

interface Bot {
  readonly child: ChildProcess
  readonly lines: () => string
  /** Resolves when the log holds these words. */
  readonly says: (words: string) => Promise<void>
}

const started: ChildProcess[] = []
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

/** The bot's process as `npm start` runs it, on a free port and a store of its own. */
async function start(settings: Record<string, string> = {}): Promise<Bot> {
  const folder = await mkdtemp(join(tmpdir(), 'neuron-games-'))
  const child = spawn(process.execPath, [join(projectRoot, 'dist/src/main.js')], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      PROVIDER: 'cpu',
      STORE_URL: 'sqlite://store.db',
      ...settings,
    },
  })
  started.push(child)
  let lines = ''
  child.stdout.on('data', (chunk: Buffer) => (lines += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (lines += chunk.toString()))
  const says = async (words: string) => {
    const over = () => lines.includes(words) || child.exitCode !== null
    await vi.waitUntil(over, { timeout: 600_000, interval: 20 })
    expect(lines).toContain(words)
  }
  return { child, lines: () => lines, says }
}

describe("the bot's process", () => {
  test('serves the playground without any token, and stops cleanly', async () => {
    const { child, lines, says } = await start()
    await says('Ctrl+C')
    const told = lines().trim().split('\n')
    expect(told.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      expect.stringMatching(/^Pocket CLIP: a small CLIP/),
      expect.stringMatching(/^The CPU serves \(\d.* ms a picture\)$/),
      expect.stringMatching(/^The playground is at http:\/\/127\.0\.0\.1:\d+$/),
      expect.stringMatching(
        /^Open \S+\/owner\/\S+ and drop a picture on the page; whoever has this link may moderate\. Ctrl\+C/,
      ),
    ])
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(lines())![0]
    const page = await fetch(url)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('neuron games')
    child.kill('SIGTERM')
    const [code] = (await once(child, 'exit')) as [number | null]
    expect(code).toBe(0)
  })

  test.runIf(atLength)(
    'one platform that cannot connect does not take the others down, and says why',
    async () => {
      const secret = 'a-signing-secret'
      const { lines, says } = await start({ SLACK_SIGNING_SECRET: secret, LOG_LEVEL: 'debug' })
      await says('The playground is at')
      await says('slack does not serve: Slack needs SLACK_BOT_TOKEN')
      expect(lines()).not.toContain(secret)
    },
  )

  const wrong: [Record<string, string>, string][] = [
    [{ PORT: 'http' }, 'PORT: '],
    [{ MODEL_PACK: 'models/none' }, 'models/none'],
    [{ STORE_URL: 'mongodb://127.0.0.1' }, 'STORE_URL begins with mongodb:'],
    [{ PLAYGROUND: 'off' }, 'Nothing serves'],
  ]
  test.each(some(1, wrong))('settings %j end it with one sentence and status 2', async (settings, words) => {
    const { child, lines } = await start(settings)
    const [code] = (await once(child, 'exit')) as [number | null]
    expect(lines()).toContain(words)
    expect(lines()).not.toContain('    at ')
    expect(code).toBe(2)
  })
})
