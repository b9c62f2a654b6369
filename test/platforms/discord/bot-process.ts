import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { projectRoot } from '../../../src/root.ts'
import { token, type DiscordServer } from './discord-server.ts'

export interface BotProcess {
  readonly child: ChildProcess
  /** All that it has logged, at debug level. */
  readonly log: () => string
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
}

/** The real bot in a process of its own: stock discord.js, real engine, a SQLite file. */
export async function startBotProcess(server: DiscordServer, storeFile: string): Promise<BotProcess> {
  const file = join(projectRoot, 'test/platforms/discord/child.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', file, server.origin], {
    cwd: projectRoot,
    env: {
      PATH: process.env['PATH'],
      DISCORD_TOKEN: token,
      PROVIDER: 'cpu',
      STORE_URL: `sqlite://${storeFile}`,
    },
  })
  let log = ''
  child.stdout.on('data', (chunk: Buffer) => (log += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()))
  await vi.waitFor(() => expect(log).toContain('the bot is ready'), { timeout: 40_000, interval: 50 })
  return {
    child,
    log: () => log,
    async end(signal) {
      child.kill(signal)
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}
