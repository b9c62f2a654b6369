import { spawnSync } from 'node:child_process'
import { createServer, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readLinked } from '../src/jobs/cuda.ts'
import { checkTokens } from '../src/platforms/tokens.ts'
import { projectRoot } from '../src/root.ts'
import { atLength } from './examples.ts'

const folder = mkdtempSync(join(tmpdir(), 'neuron-games-doctor-'))
afterAll(() => rmSync(folder, { recursive: true }))

function doctor(settings: NodeJS.ProcessEnv = {}) {
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(projectRoot, 'bin', 'neuron-games.js'), 'doctor'],
    {
      cwd: folder,
      env: { ...process.env, STORE_URL: 'sqlite::memory:', MODELS_FOLDER: folder, ...settings },
      encoding: 'utf8',
    },
  )
  return { status, stdout }
}

describe('the doctor', () => {
  test('says which pack is in use, what the machine has, and why each provider works or doesn’t', () => {
    const { status, stdout } = doctor()
    expect(stdout).toMatch(
      /ok {3}pack: pocket \(Pocket CLIP\) serves, from .*; 1024 of 1024 units have names/,
    )
    expect(stdout).toMatch(/ok {3}memory: [\d.]+ GB of [\d.]+ GB free/)
    for (const provider of ['cuda', 'webgpu', 'cpu']) expect(stdout).toContain(`ok   provider ${provider}: `)
    expect(stdout).toContain('ok   CUDA: ')
    expect(status).toBe(0)
  })

  test.runIf(atLength)('says once what is wrong with a pack, and still checks the rest', () => {
    const broken = mkdtempSync(join(folder, 'broken-'))
    writeFileSync(join(broken, 'pack.json'), '{')
    const { status, stdout } = doctor({ MODEL_PACK: broken })
    expect(stdout.match(/^BAD .*pack\.json is not JSON/gm)).toHaveLength(1)
    expect(stdout).toContain('ok   store: 0 records')
    expect(status).toBe(1)
    rmSync(broken, { recursive: true })
  })
})

test('reads from the linker which CUDA libraries there are and which are missing', () => {
  const printed = `	linux-vdso.so.1 (0x00007ffd)
	libcublasLt.so.13 => not found
	libcublas.so.13 => not found
	libcudart.so.13 => /usr/local/cuda/lib64/libcudart.so.13 (0x00007f00)
	libcudnn.so.9 => not found
	libstdc++.so.6 => /lib/x86_64-linux-gnu/libstdc++.so.6 (0x00007f01)
`
  expect(readLinked(printed)).toEqual({
    found: ['libcudart.so.13'],
    missing: ['libcublasLt.so.13', 'libcublas.so.13', 'libcudnn.so.9'],
  })
})

describe('tokens', () => {
  const good = { discord: 'discord-good', bot: 'xoxb-good', app: 'xapp-good', hub: 'hf_good' }
  const answers: Record<string, (token: string) => [number, object]> = {
    '/discord/users/@me': (token) =>
      token === `Bot ${good.discord}` ? [200, { username: 'neurons' }] : [401, {}],
    '/slack/auth.test': (token) =>
      token === `Bearer ${good.bot}`
        ? [200, { ok: true, user: 'neurons', team: 'Lab' }]
        : [200, { ok: false, error: 'invalid_auth' }],
    '/slack/apps.connections.open': (token) => [200, { ok: token === `Bearer ${good.app}` }],
    '/hub/api/whoami-v2': (token) => (token === `Bearer ${good.hub}` ? [200, { name: 'ada' }] : [401, {}]),
  }
  const server = createServer((request: IncomingMessage, response) => {
    const [status, body] = answers[request.url!]!(request.headers.authorization!)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  let home: string
  beforeAll(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    home = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => server.close())
  const check = (settings: object, at = home) =>
    checkTokens(
      { HF_ENDPOINT: `${at}/hub/`, ...settings },
      { discord: `${at}/discord`, slack: `${at}/slack` },
    )

  test('that are valid are named with their owners', async () => {
    const checks = await check({
      DISCORD_TOKEN: good.discord,
      SLACK_BOT_TOKEN: good.bot,
      SLACK_APP_TOKEN: good.app,
      HF_TOKEN: good.hub,
    })
    expect(checks.map(({ setting, valid, says }) => [setting, valid, says])).toEqual([
      ['DISCORD_TOKEN', true, 'valid, of neurons'],
      ['SLACK_BOT_TOKEN', true, 'valid, of neurons in Lab'],
      ['SLACK_APP_TOKEN', true, 'valid, of an app that may open sockets'],
      ['HF_TOKEN', true, 'valid, of ada'],
    ])
    for (const token of Object.values(good)) expect(JSON.stringify(checks)).not.toContain(token)
  })

  test('that are not are reported as refused, and never shown', async () => {
    const settings = {
      DISCORD_TOKEN: 'old1',
      SLACK_BOT_TOKEN: 'old2',
      SLACK_APP_TOKEN: 'old3',
      HF_TOKEN: 'old4',
    }
    const checks = await check(settings)
    expect(checks.map(({ valid }) => valid)).toEqual([false, false, false, false])
    expect(JSON.stringify(checks)).not.toMatch(/old\d/)
  })

  test('are not judged without a network, and not checked without a setting', async () => {
    expect(await check({ HF_TOKEN: 'any' }, 'http://127.0.0.1:1')).toEqual([
      { setting: 'HF_TOKEN', valid: undefined, says: 'not checked, for 127.0.0.1:1 cannot be reached' },
    ])
    expect(await check({})).toEqual([])
  })
})
