import { join } from 'node:path'
import type { ProbeKind, ProbeSource } from '../../src/clip/probe-set.ts'
import { npmPackage, readJson } from './fetch.ts'
import { labelOfEmoji, labelOfIcon } from './labels.ts'

export interface Drawing {
  readonly label: string
  readonly svg: string
}

interface DrawingSet {
  readonly prefix: string
  readonly version: string
  readonly kind: ProbeKind
  /** None of the sets that the pocket model learned from. */
  readonly heldOut: boolean
  /** Names that mean something else in this set: brands, signs of a user interface. */
  readonly not?: string
}

/** Iconify's copies, one npm package per set, each with its licence. */
export const drawingSets: readonly DrawingSet[] = [
  {
    prefix: 'fxemoji',
    version: '1.2.2',
    kind: 'emoji',
    heldOut: true,
    not: 'fog keyboard pistol pout wave window',
  },
  { prefix: 'fluent-emoji', version: '1.2.7', kind: 'emoji', heldOut: false },
  {
    prefix: 'streamline-kameleon-color',
    version: '1.2.2',
    kind: 'icon',
    heldOut: true,
    not: 'chicken keyboard lockers',
  },
  {
    prefix: 'flat-ui',
    version: '1.2.3',
    kind: 'icon',
    heldOut: true,
    not: 'pencils pig ring safe skateboard',
  },
  {
    prefix: 'tdesign',
    version: '1.2.19',
    kind: 'icon',
    heldOut: true,
    not: 'dam mirror mouse seal window',
  },
  {
    prefix: 'uil',
    version: '1.2.3',
    kind: 'icon',
    heldOut: true,
    not: 'diamond mouse rainbow scroll window',
  },
  { prefix: 'cil', version: '1.2.3', kind: 'icon', heldOut: true, not: 'elevator library mouse school taxi' },
  { prefix: 'grommet-icons', version: '1.2.4', kind: 'icon', heldOut: true, not: 'fedora mouse' },
  {
    prefix: 'game-icons',
    version: '1.2.4',
    kind: 'icon',
    heldOut: false,
    not: 'bulb drill pig-face ram ribbon star-struck swallow',
  },
]

interface IconifySet {
  readonly width?: number
  readonly height?: number
  readonly icons: Readonly<Record<string, { body: string; width?: number; height?: number }>>
}

interface IconifyInfo {
  readonly name: string
  readonly author: { readonly name: string; readonly url: string }
  readonly license: { readonly spdx: string }
}

/** How much wider than the drawing its tile is: a little white is left around it. */
const margin = 1.1

/** @returns an SVG of side x side pixels with the drawing in its middle. */
function svgOf(body: string, width: number, height: number, side: number): string {
  const box = Math.max(width, height) * margin
  const head =
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" color="black"'
  const place = `viewBox="${(width - box) / 2} ${(height - box) / 2} ${box} ${box}"`
  return `${head} width="${side}" height="${side}" ${place}>${body}</svg>`
}

/** One drawing per label of a set, the first whose name gives the label, and what the set says about itself. */
export function drawingsOf(
  { prefix, version, kind, heldOut, not = '' }: DrawingSet,
  side: number,
): { readonly drawings: readonly Drawing[]; readonly source: ProbeSource } {
  const folder = npmPackage(`@iconify-json/${prefix}`, version)
  const { name, author, license } = readJson(join(folder, 'info.json')) as IconifyInfo
  const set = readJson(join(folder, 'icons.json')) as IconifySet
  const left = new Set(not.split(' '))
  const drawings = new Map<string, Drawing>()
  for (const [icon, { body, ...size }] of Object.entries(set.icons)) {
    const label = left.has(icon.replace(/-(filled|duo|\d+)$/, ''))
      ? undefined
      : (kind === 'emoji' ? labelOfEmoji : labelOfIcon)(icon)
    if (!label || drawings.has(label)) continue
    const width = size.width ?? set.width ?? 16
    const height = size.height ?? set.height ?? 16
    drawings.set(label, { label, svg: svgOf(body, width, height, side) })
  }
  const source = {
    title: name,
    version: `npm @iconify-json/${prefix} ${version}`,
    author: author.name,
    url: author.url,
    licence: license.spdx,
    heldOut,
  }
  return { drawings: [...drawings.values()], source }
}
