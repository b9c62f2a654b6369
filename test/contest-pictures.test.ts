import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodePicture } from '../src/pictures/decode.ts'
import { createEncoder, type Encoder } from '../src/clip/encoder.ts'
import { openPack, type Pack } from '../src/clip/pack.ts'
import { isSensitive } from '../src/neurons/sensitive.ts'
import { english, type SampleId } from '../src/language.ts'
import { projectRoot } from '../src/root.ts'

interface Index {
  readonly side: number
  readonly labels: readonly string[]
  readonly pictures: readonly { id: SampleId; file: string; label: string }[]
}

const folder = join(projectRoot, 'assets', 'contest')
const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as Index

describe('the contest pictures', () => {
  it('are a dozen or more, each with a title and a text for those who cannot see it', () => {
    expect(index.pictures.length).toBeGreaterThanOrEqual(12)
    for (const { id } of index.pictures) {
      expect(english(`samples.${id}.title`)).toMatch(/^[A-Z].{4,}$/)
      expect(english(`samples.${id}.alt`)).toMatch(/^[A-Z].{10,}\.$/)
    }
    expect(new Set(index.pictures.map(({ id }) => id)).size).toBe(index.pictures.length)
    expect(index.labels.filter(isSensitive)).toEqual([])
  })

  it('are small files of one size', async () => {
    for (const { file } of index.pictures) {
      const { width, height } = await sharp(join(folder, file)).metadata()
      expect([width, height]).toEqual([index.side, index.side])
      expect(statSync(join(folder, file)).size).toBeLessThan(100_000)
    }
  })

  describe('as the pocket model sees them', () => {
    let pack: Pack
    let encoder: Encoder
    beforeAll(async () => {
      pack = await openPack(join(projectRoot, 'models', 'pocket'))
      encoder = await createEncoder(pack, { provider: 'cpu', threads: 1 })
    })
    afterAll(() => encoder.close())

    it('show what their label says, out of the labels of them all', async () => {
      const prompts = index.labels.map((label) => pack.facts.prompts[0]!.replace('{}', label))
      const labels = await encoder.encodeTexts(prompts)
      const seen: Record<string, string> = {}
      for (const { id, file } of index.pictures) {
        const bytes = readFileSync(join(folder, file))
        const { square } = await decodePicture(bytes, {
          previewSide: index.side,
          side: pack.facts.picture.side,
        })
        const [picture] = await encoder.encodePictures([square])
        const scores = labels.map((label) =>
          label.reduce((sum, value, i) => sum + value * picture!.embedding[i]!, 0),
        )
        seen[id] = index.labels[scores.indexOf(Math.max(...scores))]!
      }
      expect(seen).toEqual(Object.fromEntries(index.pictures.map(({ id, label }) => [id, label])))
    })
  })
})
