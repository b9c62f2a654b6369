import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { community, note, picture } from './kinds.ts'
import { processContract } from './process.contract.ts'
import { rawKeys } from './raw-keys.ts'

/** A database on which the contract is tried. */
export interface Place {
  readonly url: string
  stop(): Promise<void> | void
}

/** What every store must do, whatever database is behind its URL. */
export function storeContract(name: string, start: () => Promise<Place> | Place, missing?: string): void {
  describe.skipIf(missing)(`${name}${missing ? ` (${missing})` : ''}`, () => {
    let place: Place
    let store: Store

    beforeAll(async () => {
      place = await start()
      store = await openStore(place.url)
    })
    afterAll(async () => {
      await store?.close()
      await place?.stop()
    })

    describe('records', () => {
      const scope = community('records')

      test('get gives what was set, and undefined for what was not', async () => {
        await store.set(note, scope, ['a'], { text: 'one' })
        expect(await store.get(note, scope, ['a'])).toEqual({ text: 'one' })
        expect(await store.get(note, scope, ['b'])).toBeUndefined()
      })

      test('set replaces', async () => {
        await store.set(note, scope, ['again'], { text: 'one' })
        await store.set(note, scope, ['again'], { text: 'two' })
        expect(await store.get(note, scope, ['again'])).toEqual({ text: 'two' })
      })

      test('delete says whether there was something', async () => {
        await store.set(note, scope, ['gone'], { text: 'x' })
        expect(await store.delete(note, scope, ['gone'])).toBe(true)
        expect(await store.delete(note, scope, ['gone'])).toBe(false)
        expect(await store.get(note, scope, ['gone'])).toBeUndefined()
        expect(await store.list(note, scope, ['gone'])).toEqual([])
      })

      test('any text comes back as it was: NUL, quotes, emoji, the store’s own marks', async () => {
        const texts = ['\0', `'";--`, 'नमस्ते 🧠', 'base64:AAAA', 'text:base64:', '\ud800', '', ':x']
        for (const text of texts) {
          await store.set(note, scope, ['text', text], { text })
          expect(await store.get(note, scope, ['text', text])).toEqual({ text })
        }
        const listed = await store.list(note, scope, ['text'])
        expect(listed.map((entry) => entry.id[1])).toEqual(texts.toSorted())
      })

      test('a picture of 600 KB is a record too', async () => {
        const bytes = Uint8Array.from({ length: 600_000 }, (_, index) => (index * index) % 251)
        await store.set(picture, scope, ['cat'], { bytes, alt: 'a cat' })
        const read = await store.get(picture, scope, ['cat'])
        expect(Buffer.compare(read!.bytes, bytes)).toBe(0)
        expect(read!.bytes).not.toBeInstanceOf(Buffer)
      })
    })

    describe('insertIfAbsent', () => {
      const scope = community('insert')

      test('writes if there is nothing, and leaves what is there', async () => {
        expect(await store.insertIfAbsent(note, scope, ['a'], { text: 'first' })).toBe(true)
        expect(await store.insertIfAbsent(note, scope, ['a'], { text: 'second' })).toBe(false)
        expect(await store.get(note, scope, ['a'])).toEqual({ text: 'first' })
      })

      test('twenty callers at once: one wins', async () => {
        const tries = Array.from({ length: 20 }, (_, i) =>
          store.insertIfAbsent(note, scope, ['crowd'], { text: `${i}` }),
        )
        expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1)
      })

      test('a deleted or expired record leaves room for the next', async () => {
        await store.insertIfAbsent(note, scope, ['deleted'], { text: 'old' })
        await store.delete(note, scope, ['deleted'])
        expect(await store.insertIfAbsent(note, scope, ['deleted'], { text: 'new' })).toBe(true)

        await store.insertIfAbsent(note, scope, ['expired'], { text: 'old' }, 50)
        await sleep(100)
        expect(await store.insertIfAbsent(note, scope, ['expired'], { text: 'new' })).toBe(true)
        expect(await store.insertIfAbsent(note, scope, ['expired'], { text: 'late' })).toBe(false)
        await sleep(100) // the first one's time does not apply to its successor
        expect(await store.list(note, scope, ['expired'])).toEqual([
          { id: ['expired'], value: { text: 'new' } },
        ])
      })
    })

    describe('time to live', () => {
      const scope = community('ttl')

      test('a record is there before its time and gone after it: for get, list, delete and scopes', async () => {
        const before = community('ttl-before')
        await store.set(note, before, ['long'], { text: 'x' }, 600_000)
        await store.set(note, scope, ['short'], { text: 'x' }, 100)
        await sleep(200)
        expect(await store.get(note, before, ['long'])).toEqual({ text: 'x' })
        expect(await store.list(note, before)).toHaveLength(1)
        expect(await store.scopes()).toContainEqual(before)
        expect(await store.delete(note, before, ['long'])).toBe(true)
        expect(await store.get(note, scope, ['short'])).toBeUndefined()
        expect(await store.list(note, scope)).toEqual([])
        expect(await store.scopes()).not.toContainEqual(scope)
        expect(await store.delete(note, scope, ['short'])).toBe(false)
      })

      test('setting again without a time keeps it', async () => {
        await store.set(note, scope, ['kept'], { text: 'x' }, 100)
        await store.set(note, scope, ['kept'], { text: 'y' })
        await sleep(200)
        expect(await store.get(note, scope, ['kept'])).toEqual({ text: 'y' })
      })

      test('its kind may say how long it lives, and then no writer can say otherwise', async () => {
        const brief = { ...note, name: 'brief', lives: 100 }
        const long = { ...note, name: 'long', lives: 600_000 }
        for (const kind of [brief, long]) {
          await store.set(kind, scope, ['a'], { text: 'x' })
          await store.insertIfAbsent(kind, scope, ['b'], { text: 'x' })
          await expect(store.set(kind, scope, ['c'], { text: 'x' }, 9)).rejects.toThrow(RangeError)
        }
        await sleep(200)
        expect(await store.list(brief, scope)).toEqual([])
        expect(await store.list(long, scope)).toHaveLength(2)
        const { lives: _lives, ...lasting } = note
        await expect(store.insertIfAbsent(lasting, scope, ['d'], { text: 'x' }, 9)).rejects.toThrow(
          RangeError,
        )
      })

      test('a sweep deletes what has expired, and nothing else', async () => {
        const swept = community('swept')
        await store.set(note, swept, ['stays'], { text: 'x' }, 60_000)
        await store.set(note, swept, ['lasts'], { text: 'x' })
        await Promise.all(
          Array.from({ length: 60 }, (_, n) => store.set(note, swept, ['gone', `${n}`], { text: 'x' }, 1000)),
        )
        await sleep(1100)
        await store.sweep()
        const held = (await rawKeys(place.url)).filter((key) => key.startsWith('test:swept:'))
        expect(held).toEqual(['test:swept:note:lasts:', 'test:swept:note:stays:'])
      })

      test('a time in the past expires at once, and doesn’t last forever', async () => {
        await store.set(note, scope, ['past'], { text: 'x' }, -5)
        await sleep(20)
        expect(await store.get(note, scope, ['past'])).toBeUndefined()
      })
    })

    test("many that expire while many more are written, from two stores, get in nobody's way", async () => {
      const scope = community('crowd')
      const other = await openStore(place.url)
      for (let round = 0; round < 5; round++)
        await Promise.all(
          Array.from({ length: 60 }, async (_, i) =>
            (i % 2 ? store : other).set(note, scope, [`${round}`, `${i}`], { text: 'x' }, 1 + (i % 5)),
          ),
        )
      await other.close()
      await sleep(20)
      expect(await store.list(note, scope)).toEqual([])
    })

    describe('list', () => {
      const scope = community('list')

      test('gives what begins with the prefix, segment by segment, in the order of ids', async () => {
        const ids = [
          ['a', '2'],
          ['ab'],
          ['a', '10'],
          ['a'],
          ['a!'],
          ['b', 'a'],
          ['a', '2', 'x'],
          ['A'],
          ['a:', '1'],
        ]
        for (const id of ids) await store.set(note, scope, id, { text: id.join('/') })
        expect((await store.list(note, scope, ['a'])).map((entry) => entry.id)).toEqual([
          ['a'],
          ['a', '10'],
          ['a', '2'],
          ['a', '2', 'x'],
        ])
        const all = await store.list(note, scope)
        expect(all).toHaveLength(ids.length)
        expect(all.map((entry) => entry.id[0])).toEqual(['A', 'a', 'a', 'a', 'a', 'a!', 'a:', 'ab', 'b'])
        for (const { id, value } of all) expect(value.text).toBe(id.join('/'))
      })

      test('keeps kinds and communities apart, even if their names run into each other', async () => {
        const other = { ...note, name: 'not' }
        await store.set(note, community('x'), ['1'], { text: 'x' })
        await store.set(note, community('x:note'), ['1'], { text: 'x:note' })
        await store.set(other, community('x'), ['e', '1'], { text: 'other kind' })
        await store.set(note, { platform: 'test:x', community: 'note' }, ['1'], { text: 'other platform' })
        const texts = async (kind: typeof note, name: string): Promise<string[]> =>
          (await store.list(kind, community(name))).map((entry) => entry.value.text)
        expect(await texts(note, 'x')).toEqual(['x'])
        expect(await texts(note, 'x:note')).toEqual(['x:note'])
        expect(await texts(other, 'x')).toEqual(['other kind'])
      })

      test('loses and doubles none of 1,200 while others are written and deleted beside them', async () => {
        const many = community('many')
        const ids = Array.from({ length: 1200 }, (_, i) => `${i}`.padStart(4, '0'))
        for (let start = 0; start < ids.length; start += 100)
          await Promise.all(
            ids.slice(start, start + 100).map((id) => store.set(note, many, ['stays', id], { text: id })),
          )
        const over = new AbortController()
        const meddle = async (): Promise<void> => {
          for (let i = 0; !over.signal.aborted; i++) {
            const id = ['stays', `${String(i % 1200).padStart(4, '0')}-guest`]
            await store.set(note, many, id, { text: 'guest' })
            await sleep(0) // so that the lists below get their turn even if the database never waits
            await store.delete(note, many, id)
          }
        }
        const meddling = Promise.all([meddle(), meddle()])
        for (let round = 0; round < 5; round++) {
          const listed = (await store.list(note, many, ['stays'])).map((entry) => entry.id[1]!)
          expect(listed.filter((id) => !id.endsWith('-guest'))).toEqual(ids)
          expect(new Set(listed).size).toBe(listed.length)
        }
        over.abort()
        await meddling
      })
    })

    describe('communities', () => {
      test('scopes names each one with a record, once', async () => {
        const strange = { platform: 'slack', community: 'T:1/é%' }
        await store.set(note, strange, ['1'], { text: 'x' })
        await store.set(picture, strange, ['1'], { bytes: new Uint8Array(3), alt: '' })
        const scopes = await store.scopes()
        expect(scopes.filter((scope) => scope.platform === 'slack')).toEqual([strange])
        expect(scopes).toContainEqual(community('list'))
      })

      test('deleteScope removes everything of a community, and nothing of its neighbours', async () => {
        const [gone, left, right] = [community('del'), community('de'), community('del2')]
        const unknown = { ...note, name: 'kind of an older version' }
        for (const scope of [gone, left, right]) await store.set(note, scope, ['1'], { text: 'x' })
        await store.set(unknown, gone, ['1', '2'], { text: 'x' })
        await store.set(note, gone, ['expired'], { text: 'x' }, 1)
        await sleep(20)
        expect(await store.deleteScope(gone)).toBe(2)
        expect(await store.deleteScope(gone)).toBe(0)
        expect(await store.list(note, gone)).toEqual([])
        expect(await store.list(unknown, gone)).toEqual([])
        expect(await store.scopes()).not.toContainEqual(gone)
        expect(await store.list(note, left)).toHaveLength(1)
        expect(await store.list(note, right)).toHaveLength(1)
      })
    })

    processContract(() => ({ url: place.url, store }))
  })
}
