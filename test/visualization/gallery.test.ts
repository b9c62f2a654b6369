import { existsSync } from 'node:fs'
import { mkdtemp, readdir, stat, writeFile, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { galleryFolder, galleryIndex, openGallery } from '../../src/visualization/gallery.ts'
import { packFolder, pack, spider } from './pocket.ts'

const home = join(packFolder, galleryFolder)
const made = existsSync(join(home, galleryIndex))

describe.skipIf(!made)(
  `the pocket pack's gallery${made ? '' : ' (skipped: models gallery pocket has not been run)'}`,
  () => {
    test('has pictures of hundreds of named units, facets of many, each once and with its file', async () => {
      const { entries } = await openGallery(packFolder)
      expect(new Set(entries.filter(({ facet }) => !facet).map(({ unit }) => unit)).size).toBeGreaterThan(400)
      for (const wanted of ['drawing', 'photo', 'word'])
        expect(entries.filter(({ facet }) => facet === wanted).length).toBeGreaterThan(75)
      expect(new Set(entries.map(({ unit, facet }) => `${unit} ${facet}`)).size).toBe(entries.length)
      expect(entries.filter(({ unit }) => pack.units[unit]!.certainty === 'unsure')).toEqual([])
      const files = new Set(await readdir(home))
      expect(entries.filter(({ file }) => !files.has(file))).toEqual([])
    })

    test('has pictures that all fire their units more than 99.9 % of the probe pictures', async () => {
      const { entries } = await openGallery(packFolder)
      expect(entries.filter(({ percentile }) => percentile < 99.9)).toEqual([])
    })

    test('weighs less than 10 MB', async () => {
      const files = await readdir(home)
      const sizes = await Promise.all(files.map(async (file) => (await stat(join(home, file))).size))
      expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(10_000_000)
    })

    test('gives thumbnails as WebP and, for Slack, as PNG', async () => {
      const gallery = await openGallery(packFolder)
      const webp = await gallery.thumbnail(spider)
      const png = await gallery.thumbnail(spider, undefined, 'png')
      expect(await sharp(webp).metadata()).toMatchObject({ format: 'webp', width: 128, height: 128 })
      expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width: 128, height: 128 })
      expect(await gallery.thumbnail(spider, 'pose')).toBeUndefined()
    })
  },
)

describe('a gallery', () => {
  test('whose index is missing or wrong is refused, with the name of the file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gallery-'))
    const index = join(folder, galleryFolder, galleryIndex)
    await expect(openGallery(folder)).rejects.toMatchObject({
      code: 'bad-pack',
      message: expect.stringContaining(index),
    })
    await mkdir(join(folder, galleryFolder))
    await writeFile(index, '{"format":2}')
    await expect(openGallery(folder)).rejects.toThrow(`${index} is wrong at format`)
  })

  test('that lost a file says which', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gallery-'))
    await mkdir(join(folder, galleryFolder))
    const facts = { seed: 1, steps: 9, activation: 1, sigma: 1, percentile: 50, sensitive: false }
    const pictures = [{ unit: 1, file: '1.webp', ...facts }]
    const index = { format: 1, size: 128, model: 'a'.repeat(64), pictures }
    await writeFile(join(folder, galleryFolder, galleryIndex), JSON.stringify(index))
    const gallery = await openGallery(folder)
    await expect(gallery.thumbnail(1)).rejects.toThrow(/lacks .*1\.webp/)
  })
})
