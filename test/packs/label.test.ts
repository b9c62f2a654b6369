import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reasonsFile } from '../../src/clip/pack-schema.ts'
import { openPack, openPackModels, type Pack } from '../../src/clip/pack.ts'
import type { ProbeItem } from '../../src/clip/probe-set.ts'
import { readGraph, valuesOf } from '../../src/onnx/index.ts'
import { KeptLabels } from '../../src/jobs/kept-labels.ts'
import { checkPack, checkPageFile, readCheck } from '../../src/packs/check/check.ts'
import { namesByProbeSet } from '../../src/packs/label/by-probe-set.ts'
import { namesByWeights } from '../../src/packs/label/by-weights.ts'
import { labelPack } from '../../src/packs/label/label.ts'
import { projectRoot } from '../../src/root.ts'
import { convertedPack, importExport, smallProbeSet } from './converted.ts'

const models = mkdtempSync(join(tmpdir(), 'neuron-games-label-'))
afterAll(() => rmSync(models, { recursive: true }))

describe('a name by the probe set', () => {
  const items = 'spider spider spider boat boat boat cat cat'
    .split(' ')
    .map((label, tile): ProbeItem => ({ label, kind: 'icon', source: 'test', heldOut: false, tile }))
  const named = (...strengths: number[]) => {
    const after = strengths.map((strength) => Float32Array.of(strength))
    return namesByProbeSet(items, { before: after, after })[0]
  }

  test('is the label whose pictures fire the unit before all others, with a perfect area', () => {
    expect(named(9, 8, 7, 3, 2, 1, 0, 0)).toEqual({ label: 'spider', auprc: 1, pictures: 3 })
  })

  test('has the average precision if others come in between', () => {
    // Its three pictures come first, third and fifth: (1 + 2/3 + 3/5) / 3.
    const { label, auprc } = named(9, 7, 5, 8, 6, 0, 0, 0)!
    expect(label).toBe('spider')
    expect(auprc).toBeCloseTo((1 + 2 / 3 + 3 / 5) / 3, 10)
  })

  test('counts pictures that do not fire the unit as not found', () => {
    expect(named(9, 0, 0, 0, 0, 0, 0, 0)!.auprc).toBeCloseTo(1 / 3, 10)
  })

  test('is not given for a label with fewer than three pictures, nor to a silent unit', () => {
    expect(named(0, 0, 0, 0, 0, 0, 9, 8)).toBeUndefined()
    expect(named(0, 0, 0, 0, 0, 0, 0, 0)).toBeUndefined()
  })
})

describe('a converted ResNet', () => {
  let pack: Pack
  beforeAll(async () => {
    pack = await convertedPack(models, 'small-resnet', 'A1')
  })

  test('that was checked says so, until its model changes', async () => {
    const check = (await readCheck(pack))!
    expect(check).toMatchObject({
      pack: 'small-resnet-a1',
      passed: true,
      pool: { passed: true, pictures: 8 },
    })
    expect(check.pool!.difference).toBeLessThan(1e-4)
    expect(check.words).toBeUndefined()
    expect(readFileSync(join(pack.folder, checkPageFile), 'utf8')).toContain('Nobody has published words')
    const files = pack.facts.files.map((file) => ({ ...file, sha256: '0'.repeat(64) }))
    expect(await readCheck({ ...pack, facts: { ...pack.facts, files } })).toBeUndefined()
  })

  test('has units that the weights name, by the text in their direction', async () => {
    const { initializers } = await readGraph(join(pack.folder, reasonsFile))
    const [value, output] = ['pool/value', 'pool/output'].map((name) => initializers.get(name)!)
    const [heads = 0, units = 0, size = 0] = value!.dims
    const [, columns = 0] = output!.dims
    const [v, o] = [valuesOf(value!), valuesOf(output!)]
    // Spelled out: the unit's row of every head's value, through that head's part of the output.
    const values = new Float32Array(units * columns)
    for (let unit = 0; unit < units; unit++)
      for (let column = 0; column < columns; column++)
        for (let head = 0; head < heads; head++)
          for (let n = 0; n < size; n++)
            values[unit * columns + column]! +=
              v[(head * units + unit) * size + n]! * o[(head * size + n) * columns + column]!
    const texts = Array.from({ length: units }, (_, unit) => `text ${unit}`)
    const named = (await namesByWeights(pack, texts, { rows: units, columns, values }))!
    expect(named.map(({ text }) => text)).toEqual(texts)
    for (const { cosine } of named) expect(cosine).toBeCloseTo(1, 4)
  })

  test('that was checked is shown as a page without being measured again', async () => {
    const tool = join(projectRoot, 'bin', 'neuron-games.js')
    const bin = mkdtempSync(join(models, 'bin-'))
    const browser = join(bin, process.platform === 'darwin' ? 'open' : 'xdg-open')
    writeFileSync(browser, `#!/bin/sh\necho "$1" > ${join(bin, 'opened')}\n`, { mode: 0o755 })
    const env = { ...process.env, MODELS_FOLDER: models, PATH: `${bin}:${process.env['PATH']}` }
    const args = [tool, 'models', 'check', 'small-resnet-a1', '--open', '--json']
    const { stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual(await readCheck(pack))
    const opened = () => (existsSync(join(bin, 'opened')) ? readFileSync(join(bin, 'opened'), 'utf8') : '')
    await expect.poll(opened).toBe(`${join(pack.folder, checkPageFile)}\n`)
  })

  test("keeps the labels' embeddings where the bot looks for them, once it is checked", async () => {
    const keptLabels = (one: Pick<Pack, 'facts' | 'vocabulary'>) =>
      new KeptLabels(join(models, 'cache'), one, pino({ level: 'silent' }))
    await checkPack(pack.folder, {
      probeFolder: await smallProbeSet(models),
      threads: 1,
      keptLabels,
      say: () => {},
      onProgress: () => {},
    })
    const kept = keptLabels(pack)
    const rows = await kept.rows(() => Promise.reject(new Error('embedded once more')))
    expect(rows).toHaveLength(kept.labels.length * pack.facts.dimensions)
  })

  test('is given names that say where they come from, and a page of them', async () => {
    const looked: (readonly number[])[] = []
    const read: (readonly number[])[] = []
    const labelled = await labelPack(pack.folder, {
      probeFolder: await smallProbeSet(models),
      threads: 1,
      say: () => {},
      onProgress: (...progress) => looked.push(progress),
      onWords: (...progress) => read.push(progress),
    })
    // The check has already shown it all the pictures.
    expect(looked).toEqual([])
    // The vocabulary, then the names of what is on the pictures.
    expect(read.filter(([done, total]) => done === total)).toHaveLength(2)
    const { units } = await openPack(pack.folder)
    expect(labelled).toMatchObject({ units: 64, named: units.length })
    for (const { namedBy, certainty } of units) {
      expect(namedBy).toMatch(/^(our probe set, AUPRC|its weights, cosine) /)
      expect(['likely', 'unsure']).toContain(certainty)
    }
    const page = readFileSync(labelled.page, 'utf8')
    expect(page.match(/<tr>/g)).toHaveLength(65)
    expect(page).toContain('look-alikes that do not fire it')
  })
})

test('a ViT gets no names from its weights alone', async () => {
  const pack = await openPackModels(await importExport(models, 'small-vit', 'A1'))
  const embeddings = { rows: 1, columns: 24, values: new Float32Array(24).fill(1) }
  expect(await namesByWeights(pack, ['a text'], embeddings)).toBeUndefined()
})
