import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../free-port.ts'
import { UserError } from '../../src/errors.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { community, note } from './kinds.ts'
import {
  passwords,
  postgresIsMissing,
  redisIsMissing,
  startPostgres,
  startRedis,
  type TestServer,
} from './servers.ts'

/** The error of a store that must not open; it is one sentence for the user and reveals no secret. */
async function refusal(url: string, secrets: string[] = []): Promise<UserError> {
  const error = await openStore(url).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(UserError)
  expect(error).toMatchObject({ code: 'bad-settings', message: expect.stringContaining('STORE_URL') })
  for (const secret of secrets) expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(secret)
  return error as UserError
}

describe('a setting that cannot work is refused in one sentence', () => {
  test.each([
    ['mysql://root:geheim@localhost/db', /begins with mysql:, not with sqlite:\/\/file, redis:/],
    ['games.db', /not a URL of the form sqlite:\/\/file/],
    ['', /not a URL/],
    ['sqlite://', /names no file/],
    ['postgres://neuron:12/geheim@localhost/db', /in a password/],
    ['postgres://neuron:geheim/x@localhost/db', /in a password/],
    ['redis://neuron:12#geheim@localhost', /in a password/],
  ])('%s', async (url, sentence) => {
    expect((await refusal(url, ['geheim'])).message).toMatch(sentence)
  })

  test('a file that is not a database, and a folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'store-open-'))
    writeFileSync(join(folder, 'text.db'), 'This is no database. '.repeat(100))
    expect((await refusal(`sqlite://${folder}/text.db`)).message).toMatch(
      /text\.db cannot be opened \(.*not a database/,
    )
    expect((await refusal(`sqlite://${folder}`)).message).toContain(`${folder} cannot be opened`)
    expect((await refusal(`sqlite://${folder}/text.db/below.db`)).message).toContain(
      'below.db cannot be opened',
    )
    rmSync(folder, { recursive: true })
  })

  test.each(['redis', 'postgres'])('a %s that is not running', async (protocol) => {
    const port = await freePort()
    const { message } = await refusal(`${protocol}://neuron:geheim@127.0.0.1:${port}/0`, ['geheim'])
    expect(message).toBe(
      `The store at ${protocol}://127.0.0.1:${port} cannot be opened (connect ECONNREFUSED 127.0.0.1:${port}): check STORE_URL.`,
    )
  })
})

describe.each([
  { name: 'Redis', start: startRedis, missing: redisIsMissing },
  { name: 'PostgreSQL', start: startPostgres, missing: postgresIsMissing },
])('$name', ({ start, missing }) => {
  describe.skipIf(missing)(`on a server of its own${missing ? ` (${missing})` : ''}`, () => {
    let server: TestServer
    let store: Store
    beforeAll(async () => {
      server = await start()
      store = await openStore(server.url)
    })
    afterAll(async () => {
      await store?.close()
      await server?.stop()
    })

    test('a wrong password is refused without revealing it', async () => {
      const wrong = new URL(server.url)
      wrong.password = 'geheim'
      expect((await refusal(wrong.href, ['geheim', ...passwords])).message).toMatch(
        /WRONGPASS|authentication/,
      )
    })

    test('eight that open at the same moment all get their table', async () => {
      const stores = await Promise.all(Array.from({ length: 8 }, () => openStore(server.url)))
      await Promise.all(stores.map((store, i) => store.set(note, community('many'), [`${i}`], { text: 'x' })))
      expect(await store.list(note, community('many'))).toHaveLength(8)
      await Promise.all(stores.map((store) => store.close()))
    })

    test('survives a crash of the server, fails while it is away, and works again afterwards', async () => {
      const scope = community('crash')
      await store.set(note, scope, ['before'], { text: 'kept' })
      await server.crash()
      const calls = [
        () => store.get(note, scope, ['before']),
        () => store.list(note, scope),
        () => store.set(note, scope, ['during'], { text: 'x' }),
        () => store.insertIfAbsent(note, scope, ['during'], { text: 'x' }),
      ]
      for (const call of calls) await expect(call()).rejects.toThrow(/ECONNREFUSED|offline|terminat|closed/i)
      await server.start()
      const kept = [{ id: ['before'], value: { text: 'kept' } }]
      await expect.poll(() => store.list(note, scope).catch(() => undefined)).toEqual(kept)
    })

    test('closes even while the server is away', async () => {
      const other = await openStore(server.url)
      await server.crash()
      await expect(other.close()).resolves.toBeUndefined()
      await server.start()
    })
  })
})
