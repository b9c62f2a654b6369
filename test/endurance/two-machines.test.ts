/*
 * "From one process to two machines" of docs/operations.md, followed to the letter: what is typed, and what is put
 * into files, is read out of the document. Network namespaces stand in for the machines.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { projectRoot } from '../../src/root.ts'
import { postgresIsMissing, redisIsMissing } from '../store/servers.ts'
import { addresses, connect, disconnect, type Machine, machinesAreMissing, namespaceOf } from './machines.ts'

const document = readFileSync(join(projectRoot, 'docs/operations.md'), 'utf8')
const steps = document.split('## From one process to two machines')[1]!.split('\n## ')[0]!
/** The code blocks in a language, without the indentation of their list. */
const blocks = (language: string): string[] =>
  [...steps.matchAll(new RegExp(`^ *\`\`\`${language}\n(.*?)\`\`\``, 'gms'))].map(([, text]) =>
    text!.replace(/^ +/gm, ''),
  )

/** Drops a picture on the playground's page, and prints the messages that follow. */
const person = `
import { readFile } from 'node:fs/promises'
const url = 'http://127.0.0.1:4242'
const first = await fetch(url + '/api/state')
const headers = { cookie: first.headers.get('set-cookie').split(';')[0], origin: url }
const seen = (await first.json()).messages.length
const body = new FormData()
body.set('request', JSON.stringify({ channel: 'general', path: ['neurons'], options: {} }))
body.set('file.picture', new Blob([await readFile('assets/contest/cactus.jpg')]), 'cactus.jpg')
const { status } = await fetch(url + '/api/run', { method: 'POST', headers, body })
if (status !== 200) throw new Error('status ' + status)
for (;;) {
  const { messages } = await (await fetch(url + '/api/state', { headers })).json()
  const fresh = messages.slice(seen)
  if (fresh.some(({ answerTo, elements, refusal }) => (answerTo && elements) || refusal)) {
    console.log(JSON.stringify(fresh))
    break
  }
  await new Promise((done) => setTimeout(done, 100))
}`

const missing = redisIsMissing ?? postgresIsMissing ?? machinesAreMissing()
describe.skipIf(missing)(missing ?? 'two machines, as docs/operations.md has them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'two-machines-'))
  const started: ChildProcess[] = []

  /** Types a line at a machine. */
  function type(machine: Machine, line: string, user?: string): ChildProcess {
    const shell = ['sh', '-c', user ? `exec runuser -u ${user} -- ${line}` : line]
    const child = spawn('ip', ['netns', 'exec', namespaceOf(machine), ...shell], {
      cwd: join(folder, machine),
      env: {
        PATH: process.env['PATH'],
        HOME: join(folder, `${machine}-home`),
        PROVIDER: 'cpu',
        THREADS: '1',
      },
      detached: true,
    })
    started.push(child)
    return child
  }

  /** Resolves once a running program has said these words. */
  function said(child: ChildProcess, words: RegExp): Promise<string> {
    let output = ''
    return new Promise((resolve, reject) => {
      for (const stream of [child.stdout!, child.stderr!])
        stream.on('data', (chunk: Buffer) => {
          output += chunk.toString()
          if (words.test(output)) resolve(output)
        })
      child.once('close', (code) => reject(new Error(`ended with ${code}: ${output}`)))
    })
  }

  /** What a program says until it ends. */
  async function done(child: ChildProcess, input = ''): Promise<string> {
    let output = ''
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stdin!.on('error', () => {}).end(input)
    const [code] = (await once(child, 'close')) as [number]
    if (code !== 0) throw new Error(`ended with ${code}: ${output}`)
    return output
  }

  async function end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const closed = once(child, 'close')
    process.kill(-child.pid!, 'SIGTERM')
    await closed
  }

  beforeAll(() => {
    chmodSync(folder, 0o755)
    for (const name of ['storage', 'worker-home', 'bot-home']) mkdirSync(join(folder, name))
    for (const machine of ['worker', 'bot']) installIn(join(folder, machine))
    connect()
  })
  afterAll(async () => {
    for (const child of started.toReversed()) await end(child)
    disconnect()
    rmSync(folder, { recursive: true, force: true })
  })

  test('from Redis and PostgreSQL to a picture that a worker looks at', async () => {
    const home = join(folder, 'storage')
    // As on Debian, except for the folder and the daemon.
    writeFileSync(
      join(home, 'redis.conf'),
      `bind 127.0.0.1 -::1\nprotected-mode yes\nport 6379\ndir ${home}\n${blocks('redis').join('')}`,
    )
    await said(type('storage', 'redis-server redis.conf'), /Ready to accept connections/)

    const data = join(home, 'data')
    execFileSync('chown', ['postgres', home])
    await done(type('storage', `initdb -D ${data} -A scram-sha-256 --auth-local peer --no-sync`, 'postgres'))
    appendFileSync(join(data, 'postgresql.conf'), `unix_socket_directories = '${home}'\n`)
    appendFileSync(join(data, 'postgresql.conf'), blocks('postgresql').join(''))
    appendFileSync(join(data, 'pg_hba.conf'), blocks('pg_hba').join(''))
    await said(type('storage', `postgres -D ${data}`, 'postgres'), /ready to accept connections/)
    await done(type('storage', `psql -v ON_ERROR_STOP=1 -h ${home}`, 'postgres'), blocks('sql').join(''))

    const { storage } = addresses
    expect(await done(type('bot', `redis-cli -h ${storage} ping`))).toContain('NOAUTH')
    await expect(done(type('bot', `psql -w -h ${storage} -U neuron neuron -c ''`))).rejects.toThrow(
      'password',
    )

    const [startWorker, move] = blocks('sh')
    const worker = type('worker', startWorker!)
    expect(await said(worker, /Serving/)).toContain('Serving Pocket CLIP on cpu to the bots of this queue.')

    // What the bot has stored so far.
    writeFileSync(join(folder, 'bot/post.mjs'), person)
    const before = type('bot', 'exec npm start')
    await said(before, /drop a picture/)
    await done(type('bot', 'node post.mjs'))
    await end(before)
    const moved = await done(type('bot', `set -e\n${move}`))
    const [kept, restored] = moved.matchAll(/(\d+) records/g)
    expect(Number(kept![1])).toBeGreaterThan(0)
    expect(restored![1]).toBe(kept![1])

    writeFileSync(join(folder, 'bot/.env'), blocks('ini').join(''))
    const log = await said(type('bot', 'exec npm start'), /drop a picture/)
    expect(log).toContain('"workers":1')
    expect(log).not.toContain('undefined')
    const [ready, answer] = /`(curl [^`]+)`[^`]+`([^`]+)`/.exec(steps)!.slice(1)
    const isReady = () => done(type('bot', ready!.replace('curl', 'curl -s')))
    expect(await isReady()).toBe(answer)
    expect(await done(type('bot', 'node post.mjs'))).toContain('σ')

    await end(worker)
    expect(await isReady()).toBe('{"ready":false,"missing":["model"]}')
    expect(await done(type('bot', 'node post.mjs'))).toContain('No worker is running at the moment')
  })
})

/** What "install as the README says" leaves in a clone. Its packages are hard links to ours if they can be. */
function installIn(clone: string): void {
  mkdirSync(clone)
  const not = new Set(['.git', '.env', 'data', 'node_modules'])
  const files = readdirSync(projectRoot).filter((name) => !not.has(name))
  const copy = (how: string, ...names: string[]): void =>
    void execFileSync('cp', [how, ...names.map((name) => join(projectRoot, name)), clone], { stdio: 'pipe' })
  copy('-a', ...files)
  try {
    copy('-al', 'node_modules')
  } catch {
    copy('-a', 'node_modules')
  }
}
