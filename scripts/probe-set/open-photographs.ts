import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProbeSource } from '../../src/clip/probe-set.ts'
import type { Photograph } from './photographs.ts'

interface Collection {
  readonly author: string
  readonly repository: string
  readonly title: string
  readonly licence: string
  /** Photographs of each label. */
  readonly each: number
  /** Labels with more or fewer than that; 0 leaves one out. */
  readonly but?: Readonly<Record<string, number>>
}

/** The collections whose own licence lets their pictures be passed on. The model learned from all of them. */
const collections: Readonly<Record<string, Collection>> = {
  grocery: {
    author: 'Marcus Klasson, Cheng Zhang, Hedvig Kjellström',
    repository: 'marcusklasson/GroceryStoreDataset',
    title: 'Grocery Store Dataset: fruit, vegetables and cartons',
    licence: 'MIT',
    each: 2,
  },
  animals22: {
    author: 'InputBlackBoxOutput',
    repository: 'InputBlackBoxOutput/popular-animals-dataset',
    title: 'Popular Animals Dataset',
    licence: 'MIT',
    each: 4,
    // Sensitive.
    but: { ape: 0 },
  },
  clothing: {
    author: 'Alexey Grigorev and contributors',
    repository: 'alexeygrigorev/clothing-dataset-small',
    title: 'Clothing dataset (small)',
    licence: 'CC0-1.0',
    each: 5,
  },
  trashnet: {
    author: 'Gary Thung, Mindy Yang',
    repository: 'garythung/trashnet',
    title: 'TrashNet: glass, plastic, cardboard, metal and paper',
    licence: 'MIT',
    each: 4,
  },
  gym6: {
    author: 'Siddharth Khincha',
    repository: 'siddharthkhincha/Gym-Equipment-Classifier',
    title: 'Gym equipment',
    licence: 'MIT',
    each: 4,
  },
  bigcats: {
    author: 'Smaranjit Ghose',
    repository: 'smaranjitghose/Big_Cat_Classifier',
    title: 'Big cats',
    licence: 'MIT',
    each: 4,
  },
  'icecream-pizza': {
    author: 'ATG-5222',
    repository: 'ATG-5222/ImageClassification',
    title: 'Ice cream and pizza',
    licence: 'MIT',
    each: 8,
  },
  raccoon: {
    author: 'Dat Tran',
    repository: 'datitran/raccoon_dataset',
    title: 'Raccoon dataset',
    licence: 'MIT',
    each: 6,
  },
  signdigits: {
    author: 'Arda Mavi, Zeynep Dikle',
    repository: 'ardamavi/Sign-Language-Digits-Dataset',
    title: 'Sign language digits',
    licence: 'Apache-2.0',
    each: 2,
  },
  idenprof: {
    author: 'Olafenwa Moses',
    repository: 'ninja3697/Profession-Detection-System',
    title: 'IdenProf: people at work',
    licence: 'MIT',
    each: 5,
  },
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')

/** A random order, the same every time. */
const shuffled = (a: { readonly path: string }, b: { readonly path: string }): number =>
  hash(a.path) < hash(b.path) ? -1 : 1

/**
 * A balanced choice, the same every time, of training's photographs that may be passed on.
 * @param folder index.tsv (file, path, label, kind, source) and the tars that it names
 */
export function openPhotographs(folder: string): Photograph[] {
  const [, ...lines] = readFileSync(join(folder, 'index.tsv'), 'utf8').trimEnd().split('\n')
  const byLabel = new Map<string, { file: string; path: string; label: string; id: string }[]>()
  for (const line of lines) {
    const [file, path, label, , id] = line.split('\t') as [string, string, string, string, string]
    if (!collections[id] || !file.startsWith('train-')) continue
    const key = `${id}/${label}`
    byLabel.set(key, [...(byLabel.get(key) ?? []), { file, path, label, id }])
  }
  const chosen = [...byLabel.keys()].sort().flatMap((key) => {
    const some = byLabel.get(key)!
    const { each, but } = collections[some[0]!.id]!
    return some.sort(shuffled).slice(0, but?.[some[0]!.label] ?? each)
  })
  const unpacked = mkdtempSync(join(tmpdir(), 'open-photographs-'))
  try {
    for (const tar of new Set(chosen.map(({ file }) => file))) {
      const paths = chosen.filter(({ file }) => file === tar).map(({ path }) => path)
      execFileSync('tar', ['-xf', join(folder, tar), '-C', unpacked, ...paths])
    }
    return chosen.map(({ path, label, id }) => ({
      label,
      bytes: readFileSync(join(unpacked, path)),
      whole: false,
      id,
      source: sourceOf(collections[id]!),
    }))
  } finally {
    rmSync(unpacked, { recursive: true })
  }
}

const sourceOf = ({ title, author, licence, repository }: Collection): ProbeSource => ({
  title,
  version: 'gathered on 28 November 2026',
  author,
  licence,
  url: `https://github.com/${repository}`,
  heldOut: false,
})
