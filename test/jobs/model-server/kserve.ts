import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '../../free-port.ts'

const python = process.env['PYTHON'] ?? 'python3'
const probe = spawnSync(python, ['-c', 'import kserve, onnxruntime'], { stdio: 'ignore' })

/** Why tests of it must be skipped on this machine, or undefined. */
export const kserveIsMissing = probe.status === 0 ? undefined : `${python} has no kserve and onnxruntime`

/** KServe's own server over a model repository, on 127.0.0.1. */
export async function startKserve(repository: string, models: readonly string[]) {
  const port = await freePort()
  const peer = join(import.meta.dirname, 'peer', 'kserve_server.py')
  const given = models.map((name) => `${name}=${join(repository, name, '1', 'model.onnx')}`)
  const server = spawn(python, [peer, String(port), ...given], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  server.stderr.on('data', (data: Buffer) => (said += data.toString()))
  const url = `http://127.0.0.1:${port}`
  for (;;) {
    if (server.exitCode !== null) throw new Error(`KServe did not start: ${said}`)
    const answer = await fetch(`${url}/v2/health/ready`).catch(() => undefined)
    if (answer?.ok) break
    await wait(100)
  }
  return {
    url,
    async stop() {
      const exit = once(server, 'exit')
      server.kill('SIGKILL')
      await exit
    },
  }
}
