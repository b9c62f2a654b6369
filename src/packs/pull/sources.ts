import type { PackFacts } from '../../clip/pack-schema.ts'

/** A repository on the hub with an export. */
export interface Source {
  readonly repo: string
  /** A branch, resolved to its current commit before downloading. */
  readonly revision: string
  /** Whether a file of the repository is wanted. */
  readonly wants: (path: string) => boolean
}

/** A CLIP that can be pulled. */
export interface Pullable extends Required<
  Pick<PackFacts, 'id' | 'title' | 'summary' | 'summaries' | 'licence'>
> {
  /** Rounded, for lists; a pull asks the hub for the exact size. */
  readonly megabytes: number
  /** Tried in turn. */
  readonly sources: readonly Source[]
}

/** The files of both encoders, with weights of any name, but not those for other runtimes. */
const immichFiles = (path: string): boolean =>
  /^(visual|textual)\/[^/]+$/.test(path) && !/\.(armnn|rknn)$/.test(path)

/** immich-app's exports: `main` has one file for each encoder; `v2` takes raw pixels. */
const immich = (name: string): Source[] =>
  ['main', 'v2'].map((revision) => ({ repo: `immich-app/${name}__openai`, revision, wants: immichFiles }))

/** Exports of 2022 by mlunar, without a tokenizer; all of OpenAI's CLIPs share one. */
const mlunar = (name: string): Source => ({
  repo: 'mlunar/clip-variants',
  revision: 'main',
  wants: (path) => ['visual', 'textual'].some((part) => path === `models/clip-${name}-${part}-float32.onnx`),
})

/** The code is MIT; whether the weights are, too, was asked in public and never answered. */
const licence = 'weights by OpenAI, no licence stated (code: MIT); not for surveillance or face recognition'

/** Radford et al., "Learning Transferable Visual Models From Natural Language Supervision" (2021), for all sizes. */
const summary =
  'OpenAI’s own CLIP, which learned from 400 million pictures of the internet and their captions.'
const summaries = {
  de: 'OpenAIs eigenes CLIP: Es hat an 400 Millionen Bildern aus dem Internet und ihren Beschreibungen gelernt.',
}

const pullable = (id: string, title: string, name: string, megabytes: number, variant: string): Pullable => ({
  id,
  title,
  licence,
  summary,
  summaries,
  megabytes,
  sources: [...immich(name), mlunar(variant)],
})

export const pullables: readonly Pullable[] = [
  pullable('rn50x4', 'CLIP RN50x4', 'RN50x4', 713, 'resnet-50x4'),
  pullable('rn50', 'CLIP RN50', 'RN50', 409, 'resnet-50'),
  pullable('rn101', 'CLIP RN101', 'RN101', 479, 'resnet-101'),
  pullable('rn50x16', 'CLIP RN50x16', 'RN50x16', 1164, 'resnet-50x16'),
  pullable('rn50x64', 'CLIP RN50x64', 'RN50x64', 2492, 'resnet-50x64'),
  pullable('vit-b-32', 'CLIP ViT-B/32', 'ViT-B-32', 606, 'vit-base-patch32'),
]
