import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCardDrawer, type CardDrawer } from '../../src/cards/draw.ts'
import { drawings } from '../../src/cards/index.ts'
import { Pool } from '../../src/threads/pool.ts'
import { projectRoot } from '../../src/root.ts'
import { plain } from './pictures.ts'

const built = existsSync(join(projectRoot, 'dist/src/cards/card.worker.js'))

const bars = {
  title: 'What does the model see?',
  pictures: [{ picture: plain(320, 240, [90, 120, 150]), caption: 'the picture' }],
  bars: [{ label: 'orange', probability: 0.8 }],
  modelTitle: 'Pocket CLIP',
  theme: 'dark',
  language: 'en',
} as const

describe.skipIf(!built)(`drawing on threads${built ? '' : ' (skipped: run npm run build first)'}`, () => {
  const pool = new Pool({ threads: 2 })
  let drawer: CardDrawer
  beforeAll(() => {
    drawer = createCardDrawer(pool)
  })
  afterAll(() => pool.close())

  test('gives the same card as drawing it here', async () => {
    const card = await drawer.draw('bars', bars)
    const here = await drawings.bars(bars)
    expect({ ...card, bytes: Buffer.from(card.bytes) }).toEqual({ ...here, bytes: Buffer.from(here.bytes) })
  })

  test('leaves the data to the caller, for the next card', async () => {
    await drawer.draw('bars', bars)
    expect(bars.pictures[0].picture.data).toHaveLength(320 * 240 * 3)
  })

  test('writes on pictures too', async () => {
    const word = await drawer.draw('word', { word: 'spider', side: 112 })
    expect(Buffer.from(word.data)).toEqual(Buffer.from(drawings.word({ word: 'spider', side: 112 }).data))
  })

  test('does not hold up the event loop: it turns while cards are drawn', async () => {
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    await Promise.all(Array.from({ length: 20 }, () => drawer.draw('bars', bars)))
    clearInterval(timer)
    expect(turns).toBeGreaterThan(20)
  })

  test('tells the caller what went wrong, and carries on', async () => {
    const broken = { ...bars, pictures: [{ picture: new Uint8Array([1, 2, 3]), caption: '' }] }
    await expect(drawer.draw('bars', broken)).rejects.toThrow(/./)
    await expect(drawer.draw('bars', bars)).resolves.toMatchObject({ mimeType: 'image/jpeg' })
  })

  test('finishes what it was asked for before it closes', async () => {
    const closing = new Pool({ threads: 1 })
    const cards = Array.from({ length: 5 }, () => createCardDrawer(closing).draw('bars', bars))
    await closing.close()
    expect((await Promise.all(cards)).map(({ width }) => width)).toEqual([720, 720, 720, 720, 720])
  })
})
