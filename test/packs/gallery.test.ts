import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPack, type Pack } from '../../src/clip/pack.ts'
import type { Engine } from '../../src/jobs/engine.ts'
import { createEngine } from '../../src/jobs/in-process.ts'
import { fitFacets } from '../../src/packs/facets/fit.ts'
import { growGallery } from '../../src/packs/gallery/grow.ts'
import { GalleryMaker } from '../../src/packs/gallery/make.ts'
import { emptyGallery, galleryFolder, openGallery } from '../../src/visualization/gallery.ts'
import {
  createVisualizer,
  type VisualizationRequest,
  type Visualized,
} from '../../src/visualization/visualize.ts'
import { amount, atLength } from '../examples.ts'
import { convertedPack, smallProbeSet, withNames } from './converted.ts'

const cpu = { provider: 'cpu', threads: 1 } as const
const models = mkdtempSync(join(tmpdir(), 'neuron-games-gallery-'))
afterAll(() => rmSync(models, { recursive: true }))

/** In fewer steps than it is asked for, but it reports all of them. */
const quickly =
  <Made extends Visualized>(draw: (wanted: VisualizationRequest, options?: object) => Promise<Made>) =>
  async (wanted: VisualizationRequest, options?: object): Promise<Made> => {
    const steps = amount(8, wanted.steps ?? 0)
    return { ...(await draw({ ...wanted, steps }, options)), steps: wanted.steps! }
  }
const sketching = (engine: Engine) => ({
  visualize: quickly((wanted, options) => engine.visualize(wanted, options)),
  classify: (...asked: Parameters<Engine['classify']>) => engine.classify(...asked),
  status: () => engine.status(),
})

describe('the gallery of a pack that was pulled', () => {
  let pack: Pack
  beforeAll(async () => {
    const converted = await convertedPack(models, atLength ? 'small-vit' : 'small-resnet', 'A1')
    pack = withNames(converted, ['spider', 'yellow', 'castle'])
  })

  test('is drawn picture by picture; after a stop, the next run carries on with the next one', async () => {
    const log = pino({ level: 'silent' })
    const engine = await createEngine({ pack, provider: 'cpu', threads: 1, queueLimit: 4, log })
    const artist = sketching(engine)
    const first = await GalleryMaker.open(pack, artist)
    expect(first.missing.map(({ unit }) => unit.name)).toEqual(['spider', 'yellow', 'castle'])
    const made = await first.make(first.missing[0]!)
    expect(made.sigma).toBeGreaterThan(0)
    expect(made.recognised! * 5).toBeOneOf([0, 1, 2, 3, 4, 5])
    const index = join(pack.folder, galleryFolder, 'index.json')
    const faces = { seen: 2, judged: 3 }
    writeFileSync(index, JSON.stringify({ ...JSON.parse(readFileSync(index, 'utf8')), faces }))

    const drawn = await engine.visualize({ direction: [{ unit: made.unit, weight: 1 }], steps: 2 })
    const again = { ...drawn, steps: 192, sigma: 100 }
    const next = await GalleryMaker.open(pack, { ...artist, visualize: async () => again })
    expect(next.missing.map(({ unit }) => unit.name)).toEqual(['yellow', 'castle'])
    const gallery = await openGallery(pack.folder)
    expect(gallery.entries).toEqual([made])
    expect(await gallery.thumbnail(made.unit)).toBeInstanceOf(Uint8Array)
    await next.make(next.missing[0]!)
    expect((await openGallery(pack.folder)).faces).toEqual(faces)
    await engine.close()
  })

  test('grows while nobody wants anything, and gives way to anyone who does', async () => {
    const log = pino({ level: 'silent' })
    const engine = await createEngine({ pack, provider: 'cpu', threads: 1, queueLimit: 4, log })
    const gallery = emptyGallery(pack.folder)
    const growing = growGallery({ pack, engine: sketching(engine), gallery, log, idleMs: 1 })
    await expect.poll(() => engine.status().running).toBe(1)
    const unit = pack.units[0]!.unit
    const own = await engine.visualize({ direction: [{ unit, weight: 1 }], steps: 2 })
    expect(own.steps).toBe(2)
    await growing.done
    await engine.close()
    expect(gallery.find(pack.units[2]!.unit)).toBeDefined()
    const files = await readdir(join(pack.folder, galleryFolder))
    expect(files.sort()).toEqual(['index.json', ...pack.units.map(({ unit: one }) => `${one}.webp`)].sort())
    expect((await GalleryMaker.open(pack, engine)).missing).toEqual([])
  })

  test.runIf(atLength)('stops in the middle of a picture', async () => {
    rmSync(join(pack.folder, galleryFolder), { recursive: true })
    const log = pino({ level: 'silent' })
    const engine = await createEngine({ pack, provider: 'cpu', threads: 1, queueLimit: 4, log })
    const gallery = emptyGallery(pack.folder)
    const growing = growGallery({ pack, engine, gallery, log, idleMs: 1 })
    await expect.poll(() => engine.status().running).toBe(1)
    await growing.stop()
    expect(gallery.entries).toEqual([])
    await engine.close()
  })
})

describe('facets', () => {
  test.runIf(atLength)(
    'of a ResNet are fitted on the probe set, and then draw different pictures',
    async () => {
      // One takes pixels, the other numbers.
      const pack = await convertedPack(models, 'small-resnet', atLength ? 'B' : 'A1')
      const probeFolder = await smallProbeSet(models)
      const { facets } = await fitFacets(pack, { threads: 1, probeFolder, onProgress: () => {} })
      expect(facets.map(({ name }) => name)).toContain('word')
      for (const { weights } of facets)
        for (const layer of weights) expect(Math.hypot(...layer)).toBeCloseTo(1, 2)
      const visualizer = await createVisualizer(pack, cpu)
      expect(visualizer.facets).toEqual(facets.map(({ name }) => name))
      const unit = pack.baseline.after.rms.findIndex((rms) => rms > 0)
      const make = (facet?: string) =>
        visualizer.visualize({ direction: [{ unit, weight: 1 }], steps: 4, ...(facet && { facet }) })
      const [plain, word] = [await make(), await make('word')]
      expect(word.picture.data).not.toEqual(plain.picture.data)
      await visualizer.close()
    },
  )

  test.runIf(atLength)('of a ViT are refused in one sentence', async () => {
    const pack = await openPack(join(models, 'small-vit-a1'))
    await expect(fitFacets(pack, { threads: 1, onProgress: () => {} })).rejects.toThrow(
      'Small CLIP is not a ResNet, and facets can only be fitted for those.',
    )
  })
})
