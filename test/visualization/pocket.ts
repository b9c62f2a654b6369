import { join } from 'node:path'
import { readFacets } from '../../src/visualization/facets.ts'
import { type Style, style } from '../../src/visualization/style.ts'
import { createRenderer } from '../../src/visualization/render.ts'
import { pocketPack } from '../pocket-pack.ts'
import { projectRoot } from '../../src/root.ts'

export const packFolder = join(projectRoot, 'models', 'pocket')
export const pack = await pocketPack()
export const facets = (await readFacets(packFolder))!
export const cpu = { provider: 'cpu', threads: 1 } as const
/** The pocket pack knows spiders well, from drawings and from the written word. */
export const spider = 58
export const tractor = 97

/**
 * Looks straight at the picture, with lucid's rate, on a background that can still get lighter, so that what a step
 * changes is hidden neither by where the view went nor by white.
 */
export const still: Style = {
  ...style,
  rate: 0.05,
  background: 0.7,
  views: 1,
  transforms: { shift: 0, scale: [1, 1], degrees: 0 },
  noise: [1e-3, 1e-3],
}
export const stillRenderer = () => createRenderer(pack, { facets }, { ...cpu, style: still })

/** sum(a * b) */
export const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
