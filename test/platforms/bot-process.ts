import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { vi } from 'vitest'
import { projectRoot } from '../../src/root.ts'

interface Setup {
  /** What Node is given. */
  readonly argv: readonly string[]
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** What it says once it is up. */
  readonly ready: RegExp
}

/** A bot in a process of its own, to be waited for or killed at any moment. */
export class BotProcess {
  readonly #child: ChildProcess
  readonly #ready: RegExp
  #log = ''

  constructor({ argv, cwd = projectRoot, env = {}, ready }: Setup) {
    this.#ready = ready
    this.#child = spawn(process.execPath, argv, {
      cwd,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    for (const stream of [this.#child.stdout!, this.#child.stderr!])
      stream.on('data', (chunk: Buffer) => (this.#log += chunk.toString()))
  }

  /** Everything it has said. */
  log(): string {
    return this.#log
  }

  /** Resolves with what it says once it is up. */
  async serves(): Promise<RegExpExecArray> {
    const said = () => this.#ready.exec(this.#log)
    const over = () => said() ?? this.#child.exitCode ?? this.#child.signalCode
    await vi.waitUntil(() => over() !== null, { timeout: 600_000, interval: 20 })
    const found = said()
    if (!found) throw new Error(`the bot does not serve: ${this.#log}`)
    return found
  }

  /**
   * Tells a bot without a clock of its own what time it is.
   * @param time in ms since 1970
   * @returns whether it is still alive once it has checked what is due
   */
  tick(time: number): Promise<boolean> {
    const over = new AbortController()
    const { signal } = over
    const looked = Promise.race([
      once(this.#child, 'message', { signal }).then(() => true),
      once(this.#child, 'close', { signal }).then(() => false),
    ])
    this.#child.send(time)
    return looked.finally(() => over.abort())
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const gone = once(this.#child, 'exit')
    this.#child.kill(signal)
    await gone
  }
}
