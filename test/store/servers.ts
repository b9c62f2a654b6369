import { type ChildProcess, execFileSync, spawn, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../free-port.ts'

/** A database of its own for a test, on 127.0.0.1 and in a temporary folder. */
export interface TestServer {
  readonly url: string
  readonly port: number
  /** Ends it at once, without saving what it has in memory; its data stays. */
  crash(): Promise<void>
  /** Starts it again on the same port and data. */
  start(): Promise<void>
  /** Stops it and removes its data. */
  stop(): Promise<void>
}

const password = 'pässw:rd/@1'
/** The password as written in a URL, and as it is: neither may show up in a message. */
export const passwords = [password, encodeURIComponent(password)]

const redisBinary = findBinary('redis-server', [])
const postgresFolders = existsSync('/usr/lib/postgresql')
  ? readdirSync('/usr/lib/postgresql').map((version) => join('/usr/lib/postgresql', version, 'bin'))
  : []
const postgresBinary = findBinary('postgres', postgresFolders)
const initdbBinary = findBinary('initdb', postgresFolders)

/** Why a test of it must be skipped on this machine, or undefined. */
export const redisIsMissing = redisBinary ? undefined : 'redis-server is not installed'
export const postgresIsMissing = postgresBinary && initdbBinary ? undefined : 'postgres is not installed'

/**
 * A Redis that has each write on disk before it acknowledges it; 'everysec' is what it does by default, as in
 * docs/operations.md.
 */
export async function startRedis(fsync: 'always' | 'everysec' = 'always'): Promise<TestServer> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'store-redis-'))
  const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--requirepass', password]
  const durable = ['--appendonly', 'yes', '--appendfsync', fsync, '--save', '']
  const url = `redis://:${encodeURIComponent(password)}@127.0.0.1:${port}`
  return startServer({
    url,
    port,
    folder,
    crashSignal: 'SIGKILL',
    run: () => spawn(redisBinary!, [...options, ...durable]),
  })
}

/** A PostgreSQL whose own collation is not that of bytes, so that a forgotten collation shows. */
export async function startPostgres(): Promise<TestServer> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'store-postgres-'))
  const data = join(folder, 'data')
  const user: SpawnOptions = process.getuid?.() === 0 ? userOf('postgres') : {} // it refuses to run as root
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid!)
  execFileSync('cp', ['-r', emptyCluster(user), data], { ...(user as object), cwd: folder })
  const options = ['-D', data, '-p', `${port}`, '-k', folder, '-c', 'listen_addresses=127.0.0.1']
  const url = `postgres://neuron:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`
  return startServer({
    url,
    port,
    folder,
    crashSignal: 'SIGQUIT', // its immediate shutdown, which includes its children
    run: () => spawn(postgresBinary!, options, { ...user, cwd: folder }),
  })
}

let empty: string | undefined

/** What initdb makes, in a folder that goes with this process: copying it takes a fraction of the time. */
function emptyCluster(user: SpawnOptions): string {
  if (empty) return empty
  const folder = mkdtempSync(join(tmpdir(), 'store-postgres-empty-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const data = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password)
  if (user.uid !== undefined) for (const path of [folder, passwordFile]) chownSync(path, user.uid, user.gid!)
  execFileSync(
    initdbBinary!,
    ['-D', data, '-U', 'neuron', '-A', 'scram-sha-256', '--pwfile', passwordFile, '--no-sync'].concat([
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
      '--locale-provider=icu',
      '--icu-locale=en',
    ]),
    { ...(user as object), cwd: folder, stdio: 'pipe' },
  )
  return (empty = data)
}

async function startServer(server: {
  url: string
  port: number
  folder: string
  crashSignal: NodeJS.Signals
  run: () => ChildProcess
}): Promise<TestServer> {
  const { url, port, folder, crashSignal, run } = server
  let process: ChildProcess
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (process.exitCode !== null || process.signalCode !== null) return
    const exit = once(process, 'exit')
    process.kill(signal)
    await exit
  }
  const start = async (): Promise<void> => {
    let output = ''
    process = run()
    for (const stream of [process.stdout!, process.stderr!])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    for (let tries = 0; !output.includes('eady to accept connections') || !(await listens(port)); tries++) {
      if (tries > 300 || process.exitCode !== null) throw new Error(`The server did not start: ${output}`)
      await sleep(50)
    }
  }
  await start()
  return {
    url,
    port,
    start,
    crash: () => end(crashSignal),
    stop: async () => {
      await end('SIGINT')
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  return new Promise((resolve) => {
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
  }).then((open) => (socket.destroy(), open as boolean))
}

function userOf(name: string): { uid: number; gid: number } {
  const id = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

function findBinary(name: string, folders: string[]): string | undefined {
  return [...(process.env['PATH'] ?? '').split(delimiter), ...folders]
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path))
}
