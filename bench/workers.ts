import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectRoot } from '../src/root.ts'

/** A process of ours, ready for work. */
export interface Started {
  readonly child: ChildProcess
  /** What it had said by then. */
  readonly said: string
  stop(): Promise<void>
}

/** Starts a file of ours and waits for its log to hold `ready`. */
export async function start(
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
  ready: string,
): Promise<Started> {
  const child = spawn(process.execPath, args, {
    cwd: settings['HOME'] ?? projectRoot,
    env: { PATH: process.env['PATH'], PROVIDER: 'cpu', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (said.includes(ready)) resolve()
      })
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${said}`)))
  })
  return {
    child,
    said,
    async stop() {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    },
  }
}

/** A worker with one thread. @param pack its folder */
export const startWorker = (redisUrl: string, pack: string): Promise<Started> =>
  start(
    [join(projectRoot, 'bin/neuron-games.js'), 'worker'],
    { QUEUE_URL: redisUrl, MODEL_PACK: pack, THREADS: '1' },
    'Serving',
  )

/** Processor time that a process has used so far, in seconds. */
export async function processorSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // After the name, which may contain anything: fields 14 and 15 of proc(5), in ticks, 100 a second on Linux.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
