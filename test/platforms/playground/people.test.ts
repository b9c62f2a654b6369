import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { UserError } from '../../../src/errors.ts'
import { idOf, Sessions } from '../../../src/platforms/playground/sessions.ts'
import { openStore } from '../../../src/store/open.ts'
import type { Store } from '../../../src/store/store.ts'
import { BrowserClient } from './browser-client.ts'
import { startPlayground, type Playground } from './start.ts'

describe('telling people apart', () => {
  let playground: Playground
  beforeEach(async () => void (playground = await startPlayground()))
  afterEach(() => playground.stop())

  test('the first visitor is not the owner, from near or far: only the owner’s link makes one', async () => {
    const [visitor, owner] = [new BrowserClient(playground.url), new BrowserClient(playground.url)]
    // As a proxy on this machine passes it on, and as a browser on this machine sends it.
    for (const headers of [{ 'x-forwarded-for': '203.0.113.9' }, {}]) {
      const { me } = (await (await visitor.get('/api/state', headers)).json()) as { me: object }
      expect(me).toMatchObject({ moderator: false, mayModerate: false })
    }
    const refused = await visitor.post('/api/me', { moderator: true })
    expect(refused).toMatchObject({
      status: 403,
      body: {
        sentence: 'Only the owner can moderate: open the link that the playground printed when it started.',
      },
    })

    expect((await owner.own(playground.ownerUrl)).status).toBe(303)
    expect((await owner.state()).me.mayModerate).toBe(true)
    expect((await owner.post('/api/me', { moderator: true })).status).toBe(200)
    expect((await owner.state()).me.moderator).toBe(true)
    expect((await visitor.state()).me.mayModerate).toBe(false)
  })

  test('a wrong link doesn’t make an owner', async () => {
    const visitor = await BrowserClient.open(playground.url)
    const answer = await visitor.own(`${playground.ownerUrl}x`)
    expect(answer.status).toBe(403)
    expect(await answer.text()).toContain('This link no longer works')
    expect((await visitor.state()).me.mayModerate).toBe(false)
  })

  test('an invented cookie is nobody: it is replaced by a real one, and can’t do anything until then', async () => {
    for (const invented of ['invented', 'a'.repeat(43), `${'a'.repeat(43)}.${'b'.repeat(43)}`]) {
      const headers = { cookie: `neuron-games=${invented}` }
      expect((await fetch(`${playground.url}/api/complete?path=x`, { headers })).status).toBe(403)
      const state = await fetch(`${playground.url}/api/state`, { headers })
      expect(state.headers.get('set-cookie')).toMatch(/^neuron-games=[\w-]{43}\.[\w-]{43}; /)
      const { me } = (await state.json()) as { me: { id: string } }
      expect(me.id).not.toBe(idOf(invented))
    }
  })

  test.each([
    'Neuron Games',
    'neuron  games',
    'Neur0n Games!',
    'Nеuron Gаmes',
    'The Neuron Games Bot',
    'NEURON\u200b GAMES',
  ])('nobody can have the bot’s name: %j', async (name) => {
    const ada = await BrowserClient.open(playground.url)
    expect(await ada.post('/api/me', { name })).toMatchObject({
      status: 400,
      body: { sentence: 'That is my name; please choose another.' },
    })
  })

  test.each(['\u200b', '\u2060\ufeff', '\u3164', '\u2800 \u2800', '\u202e', '\u0301', '\u00ad'])(
    'a name that shows nothing is not a name: %j',
    async (name) => {
      const ada = await BrowserClient.open(playground.url)
      expect((await ada.post('/api/me', { name })).status).toBe(400)
    },
  )

  test('a rude name is refused, and one that merely contains its letters is not', async () => {
    const ada = await BrowserClient.open(playground.url)
    const rude = Buffer.from('ZiB1IGMgaw==', 'base64').toString()
    expect((await ada.post('/api/me', { name: rude })).status).toBe(400)
    expect((await ada.post('/api/me', { name: 'Great Tit 455' })).status).toBe(200)
  })

  test('marks that reverse the order or show nothing are taken out of a name; joined emoji and letters stay', async () => {
    const ada = await BrowserClient.open(playground.url)
    for (const [name, shown] of [
      ['\u202eadA\u202c', 'adA'],
      ['A\u200bda\u2066', 'Ada'],
      ['Zoe\u0308', 'Zoë'],
      ['👩‍🚀 Ada', '👩‍🚀 Ada'],
      ['علی\u200cرضا', 'علی\u200cرضا'],
      ['Ada\u2028L.', 'Ada L.'],
    ]) {
      expect((await ada.post('/api/me', { name })).status).toBe(200)
      expect((await ada.state()).me.name).toBe(shown)
    }
  })
})

describe('sessions', () => {
  let store: Store
  beforeEach(async () => void (store = await openStore('sqlite::memory:')))
  afterEach(() => store.close())

  test('a cookie stands for the same person after a restart, and in no other store', async () => {
    const cookie = await (await Sessions.load(store)).issue('127.0.0.1')
    const person = (await Sessions.load(store)).personOf(cookie)
    expect(person).toMatch(/^[0-9a-f]{16}$/)
    const other = await openStore('sqlite::memory:')
    expect((await Sessions.load(other)).personOf(cookie)).toBeUndefined()
    await other.close()
  })

  test('one address gets only so many of them in an hour, and so do all together', async () => {
    const sessions = await Sessions.load(store)
    const issued = async (address: (i: number) => string, most: number): Promise<number> => {
      for (let i = 0; i < most; i++) {
        const error = await sessions.issue(address(i)).then(
          () => undefined,
          (refusal: unknown) => refusal,
        )
        if (!error) continue
        expect(error).toBeInstanceOf(UserError)
        return i
      }
      return most
    }
    expect(await issued(() => '203.0.113.9', 1000)).toBe(60)
    expect(await issued((i) => `198.51.100.${i}`, 1000)).toBe(440)
    expect(await issued(() => '127.0.0.1', 1000)).toBe(0)
  })
})

test('cookies of the previous release, which had no signature, keep their person', async () => {
  const store = await openStore('sqlite::memory:')
  const secret = 'c'.repeat(43)
  // As that release wrote them.
  const kind = {
    name: 'playground-person',
    version: 1,
    schema: z.object({ name: z.string(), moderator: z.boolean() }),
  }
  const scope = { platform: 'playground', community: 'playground' }
  await store.set(kind, scope, [idOf(secret)], { name: 'Ada', moderator: true })
  const playground = await startPlayground(store)
  const state = await fetch(`${playground.url}/api/state`, { headers: { cookie: `neuron-games=${secret}` } })
  const { me } = (await state.json()) as { me: object }
  expect(me).toMatchObject({ id: idOf(secret), name: 'Ada', moderator: false })
  expect(state.headers.get('set-cookie')).toContain(`neuron-games=${secret}.`)
  await playground.stop()
})

test('behind a proxy the public name is answered and linked, and the cookie goes over https only', async () => {
  const playground = await startPlayground(undefined, 0, undefined, new URL('https://play.example.org'))
  expect(playground.ownerUrl).toMatch(/^https:\/\/play\.example\.org\/api\/owner\/[\w-]{43}$/)
  const { near } = playground
  const asked = await raw(near, '/api/state', { host: 'play.example.org' })
  expect(asked.status).toBe(200)
  expect(asked.cookie).toContain('; Secure')
  expect((await raw(near, '/api/state', { host: 'evil.example' })).status).toBe(421)
  await playground.stop()
})

/** fetch() does not let us choose the host. */
async function raw(url: string, path: string, headers: Record<string, string>) {
  const asked = request(url + path, { headers }).end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  answer.resume()
  return { status: answer.statusCode, cookie: String(answer.headers['set-cookie']) }
}
