import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

interface Locked {
  readonly link?: boolean
  readonly integrity?: string
  readonly resolved?: string
}

test('every package in the lock has a checksum, and none names a host', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> }
  const locked = Object.entries(packages).filter(([path, { link }]) => path !== '' && !link)
  expect(locked.length).toBeGreaterThan(500)
  expect(locked.filter(([, { integrity }]) => !/^sha512-.{88}$/.test(integrity ?? ''))).toEqual([])
  expect(locked.filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
})

/** The last stages, which people run: what each says itself or takes from the stage it is based on. */
function lines(stage: string): string[] {
  const stages = read('Dockerfile')
    .split(/^FROM /m)
    .slice(1)
  const own = stages.find((text) => text.split('\n')[0]!.endsWith(` AS ${stage}`))!
  const base = own.split(' ')[0]!
  const before = stages.some((text) => text.split('\n')[0]!.endsWith(` AS ${base}`)) ? lines(base) : []
  return [...before, ...own.split('\n').slice(1)]
}

test('both images run as the same user, who owns /data, and have a health check', () => {
  for (const stage of ['cpu', 'cuda']) {
    const said = lines(stage)
    expect(said.filter((line) => line.startsWith('USER '))).toEqual(['USER 1000:1000'])
    expect(said.join('\n')).toContain('chown 1000:1000 /data')
    expect(said.filter((line) => line.startsWith('HEALTHCHECK '))).toHaveLength(1)
  }
})

async function health(environment: Record<string, string>): Promise<number> {
  const child = spawn(process.execPath, [join(root, 'bin/healthcheck.js')], {
    env: { ...process.env, ...environment },
    stdio: 'ignore',
  })
  const [status] = await once(child, 'exit')
  return status as number
}

test('a playground that answers is healthy, one that fails or is gone is not; if it is off, nothing is asked', async () => {
  let status = 200
  const server = createServer((_, response) => response.writeHead(status).end()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const port = String((server.address() as AddressInfo).port)
  expect(await health({ PORT: port })).toBe(0)
  expect(await health({ METRICS_PORT: port, PORT: '1', PLAYGROUND: 'off' })).toBe(0)
  status = 500
  expect(await health({ METRICS_PORT: port, PORT: '1', PLAYGROUND: 'off' })).toBe(1)
  expect(await health({ PORT: port })).toBe(1)
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
  expect(await health({ PORT: port })).toBe(1)
  expect(await health({ PORT: port, PLAYGROUND: 'off' })).toBe(0)
})
