import { mkdtempSync, rmSync } from 'node:fs'
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { packFiles, type PackUnit, type VocabularyEntry } from '../../src/clip/pack-schema.ts'
import { createEncoder } from '../../src/clip/encoder.ts'
import { openPack, type Pack, type PackModels } from '../../src/clip/pack.ts'
import type { ProbeIndex } from '../../src/clip/probe-set.ts'
import { sealPack } from '../../src/clip/seal.ts'
import { checkPack } from '../../src/packs/check/check.ts'
import { importPack } from '../../src/packs/import.ts'
import type { Precision } from '../../src/packs/make.ts'
import { projectRoot } from '../../src/root.ts'
import { littleTokenizer } from '../clip/little-pack.ts'
import { amount } from '../examples.ts'
import { type Architecture, type Export, exported, type Shape } from './exports.ts'

const pocket = join(projectRoot, 'models', 'pocket')
/** This many of the probe set's labels, with their pictures, are enough to measure units with random weights. */
const labelCount = amount(12, 40)

/** Imports an export of the tests into `models`; not measured yet. @returns its folder */
export async function importExport(
  models: string,
  architecture: Architecture,
  shape: Shape,
  precision: Precision = 'fp32',
): Promise<string> {
  const files = exported(architecture, shape)
  const tokenizer = join(models, 'tokenizer.json')
  await writeFile(tokenizer, JSON.stringify(littleTokenizer()))
  const id = `${architecture}-${shape.toLowerCase()}${precision === 'fp16' ? '-fp16' : ''}`
  return importPack([files.pictures, files.texts, tokenizer], {
    models,
    identity: { id, title: 'Small CLIP', source: 'random weights', licence: 'MIT' },
    precision,
    say: () => {},
  })
}

/**
 * What a pack makes of the pictures that were exported with it, once its self-test holds: [pictures, units, places] and
 * [pictures, dimensions].
 */
export async function encodedWith(pack: PackModels, { side, pixels }: Export) {
  const encoder = await createEncoder(pack, { provider: 'cpu', threads: 1 })
  await encoder.selfTest()
  const size = 3 * side ** 2
  const squares = Array.from({ length: pixels.length / size }, (_, n) => ({
    width: side,
    height: side,
    data: pixels.slice(n * size, (n + 1) * size),
  }))
  const encoded = await encoder.encodePictures(squares)
  await encoder.close()
  return {
    activations: Float32Array.from(encoded.flatMap(({ map }) => [...map.data])),
    embeddings: Float32Array.from(encoded.flatMap(({ embedding }) => [...embedding])),
  }
}

/** A probe set of a few labels of the pocket pack's. @returns its folder */
export async function smallProbeSet(home: string): Promise<string> {
  const all = JSON.parse(await readFile(join(pocket, 'probe', 'index.json'), 'utf8')) as ProbeIndex
  const labels = all.labels.slice(0, labelCount)
  const folder = join(home, '.probe')
  await mkdir(folder, { recursive: true })
  for (const { file } of all.sheets) {
    await rm(join(folder, file), { force: true })
    await symlink(join(pocket, 'probe', file), join(folder, file))
  }
  const items = all.items.filter(({ label }) => labels.includes(label))
  await writeFile(join(folder, 'index.json'), JSON.stringify({ ...all, labels, items }))
  return folder
}

/** Where packs are made once per process, for all the test files that run in it. */
const home = mkdtempSync(join(tmpdir(), 'neuron-games-converted-'))
process.once('exit', () => rmSync(home, { recursive: true }))
const made = new Map<string, Promise<string>>()

/**
 * An export of the tests as a pack that was measured, on few pictures: without gallery, facets or names of units.
 * @param models where to put the caller's own copy
 */
export async function convertedPack(models: string, architecture: Architecture, shape: Shape): Promise<Pack> {
  const key = `${architecture} ${shape}`
  const making = made.get(key) ?? convert(architecture, shape)
  made.set(key, making)
  const own = join(models, basename(await making))
  await cp(await making, own, { recursive: true })
  return openPack(own)
}

/** @returns its folder */
async function convert(architecture: Architecture, shape: Shape): Promise<string> {
  const models = join(home, `${architecture}-${shape}`)
  await mkdir(models)
  const folder = await importExport(models, architecture, shape)
  const probeFolder = await smallProbeSet(models)
  const { labels } = JSON.parse(await readFile(join(probeFolder, 'index.json'), 'utf8')) as ProbeIndex
  const vocabulary = join(folder, packFiles.vocabulary)
  const known = JSON.parse(await readFile(vocabulary, 'utf8')) as VocabularyEntry[]
  await writeFile(vocabulary, JSON.stringify(known.filter(({ text }) => labels.includes(text))))
  await sealPack(folder, [packFiles.vocabulary])
  await checkPack(folder, { probeFolder, threads: 1, say: () => {}, onProgress: () => {} })
  return folder
}

/** The same with names for units that fire, as a person might give them; only the baseline was measured. */
export function withNames({ tuning: _tuning, ...pack }: Pack, names: readonly string[]): Pack {
  const firing = [...pack.baseline.after.rms.keys()].filter((unit) => pack.baseline.after.rms[unit]! > 0)
  const units = names.map((name, n): PackUnit => ({
    unit: firing[n]!,
    name,
    namedBy: 'the test',
    certainty: 'likely',
    ...(name === 'happy' && { family: 'emotion' }),
    sensitive: false,
  }))
  return { ...pack, units }
}
