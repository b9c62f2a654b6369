import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { openStore } from '../../src/store/open.ts'
import type { RecordKind, Store } from '../../src/store/store.ts'
import { community, note, picture } from './kinds.ts'

const scope = community('Distill')
let store: Store
beforeEach(async () => {
  store = await openStore('sqlite::memory:')
})
afterEach(() => store.close())

describe('versions', () => {
  const first: RecordKind<{ points: string }> = {
    name: 'score',
    version: 1,
    schema: z.object({ points: z.string() }),
  }
  const third: RecordKind<{ points: number; game: string }> = {
    name: 'score',
    version: 3,
    schema: z.object({ points: z.number(), game: z.string() }),
    migrate: {
      1: (old) => ({ points: Number((old as { points: string }).points) }),
      2: (old) => ({ ...(old as { points: number }), game: 'guess' }),
    },
  }

  test('a record of an older version is migrated step by step when read, alone or in a list', async () => {
    await store.set(first, scope, ['ada'], { points: '7' })
    await store.set(third, scope, ['bob'], { points: 8, game: 'hunt' })
    expect(await store.get(third, scope, ['ada'])).toEqual({ points: 7, game: 'guess' })
    expect(await store.list(third, scope)).toEqual([
      { id: ['ada'], value: { points: 7, game: 'guess' } },
      { id: ['bob'], value: { points: 8, game: 'hunt' } },
    ])
  })

  test('a version that nothing migrates is an error that names the record and the step', async () => {
    await store.set(first, scope, ['ada'], { points: '7' })
    await expect(store.get({ ...third, migrate: { 2: (old) => old } }, scope, ['ada'])).rejects.toThrow(
      'The record test / Distill / score / ada is damaged: nothing migrates version 1 to 2.',
    )
  })

  test('a record that a newer program wrote is not misread', async () => {
    await store.set(third, scope, ['ada'], { points: 7, game: 'guess' })
    await expect(store.get(first, scope, ['ada'])).rejects.toThrow(
      /score \/ ada is damaged: it has version 3, newer than/,
    )
  })
})

describe('schemas', () => {
  const strict: RecordKind<{ text: string }> = { ...note, schema: z.object({ text: z.string().max(3) }) }

  test('a value that breaks its schema is an unexpected error naming kind and id', async () => {
    await store.set(note, scope, ['a', 'b'], { text: 'too long' })
    const message =
      /The record test \/ Distill \/ note \/ a \/ b is damaged: it is not what its schema says\. .*at text/s
    await expect(store.get(strict, scope, ['a', 'b'])).rejects.toThrow(message)
    expect(await store.list(strict, scope)).toEqual([])
  })

  test('and is not written in the first place', async () => {
    await expect(store.set(strict, scope, ['a'], { text: 'too long' })).rejects.toThrow('note / a is damaged')
    await expect(store.insertIfAbsent(strict, scope, ['a'], { text: 'too long' })).rejects.toThrow('note / ')
    expect(await store.list(note, scope)).toEqual([])
  })

  test('nor is what JSON cannot hold, such as NaN', async () => {
    const number: RecordKind<{ sigma: number }> = {
      name: 'sigma',
      version: 1,
      schema: z.object({ sigma: z.number().or(z.nan()) }),
    }
    await expect(store.set(number, scope, ['a'], { sigma: NaN })).rejects.toThrow('sigma / a is damaged')
  })

  test('bytes must be bytes', async () => {
    const wrong = { bytes: [1, 2] as unknown as Uint8Array, alt: '' }
    await expect(store.set(picture, scope, ['a'], wrong)).rejects.toThrow('picture / a is damaged')
  })
})

test.each([NaN, Infinity])('%s ms is no time to live', async (ttlMs) => {
  await expect(store.set(note, scope, ['a'], { text: 'x' }, ttlMs)).rejects.toThrow(RangeError)
  expect(await store.get(note, scope, ['a'])).toBeUndefined()
})

test('a store in memory is empty each time', async () => {
  await store.set(note, scope, ['a'], { text: 'x' })
  const other = await openStore('sqlite::memory:')
  expect(await other.scopes()).toEqual([])
  await other.close()
})
