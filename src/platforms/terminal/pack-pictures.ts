import type { Command as Program } from 'commander'
import { pino } from 'pino'
import { openPack } from '../../clip/pack.ts'
import { createEngine } from '../../jobs/in-process.ts'
import { ownerError } from '../../errors.ts'
import { fitFacets } from '../../packs/facets/fit.ts'
import { findPack } from '../../packs/folders.ts'
import { GalleryMaker } from '../../packs/gallery/make.ts'
import type { VisualizationProgress } from '../../visualization/visualize.ts'
import { Progress } from './progress.ts'
import type { PackSetup } from './pack-setup.ts'

/** `models facets` and `models gallery`: what drawing for a pack needs besides the measurements. */
export function addPackPictures(group: Program, { streams, signal, packs }: PackSetup): void {
  const say = (line: string): void => void streams.output.write(`${line}\n`)

  group
    .command('facets')
    .description('find out how a ResNet tells drawings, photographs and words apart, to draw each by itself')
    .argument('<name>')
    .action(async (name: string) => {
      const { models, threads } = packs()
      const pack = await openPack((await findPack(models, name)).folder)
      const shown = new Progress(streams.errors, false)
      const { facets } = await fitFacets(pack, {
        threads,
        signal,
        onProgress: (done, total) => shown.pictures(done, total),
      }).finally(() => shown.stop())
      for (const { name: facet, heldOut } of facets)
        say(`${facet}: area under the curve on pictures kept back, by layer: ${heldOut.join(', ')}`)
    })

  group
    .command('gallery')
    .description(
      'draw what the named units of a pack look for; you can stop it at any time, and it resumes from there',
    )
    .argument('<name>')
    .option('--most <number>', 'stop after this many pictures')
    .action(async (name: string, { most }: { most?: string }) => {
      if (most !== undefined && !/^\d+$/.test(most))
        throw ownerError('bad-option', `--most must be a whole number, not "${most}".`)
      const { models, threads, keptLabels } = packs()
      const pack = await openPack((await findPack(models, name)).folder)
      const log = pino({ level: 'silent' })
      const engine = await createEngine({
        pack,
        provider: 'cpu',
        threads,
        queueLimit: 1,
        log,
        ...(keptLabels && { keptLabels: keptLabels(pack) }),
      })
      const shown = new Progress(streams.errors, false)
      try {
        const maker = await GalleryMaker.open(pack, engine)
        const wanted = maker.missing.slice(0, most === undefined ? undefined : Number(most))
        for (const [n, picture] of wanted.entries()) {
          const { unit, facet } = picture
          shown.say(`${n + 1} of ${wanted.length}: ${unit.name}${facet === undefined ? '' : `, ${facet}`}`)
          const onProgress = ({ step, steps }: VisualizationProgress) => shown.steps(step, steps)
          await maker.make(picture, { signal, onProgress })
        }
        shown.stop()
        const left = maker.missing.length - wanted.length
        const rest = left > 0 ? `; ${left} are left` : ''
        const unnamed =
          pack.units.length === 0 ? ' Its units have no names yet: models label gives them some.' : ''
        say(`${wanted.length} pictures were drawn${rest}.${unnamed}`)
      } finally {
        shown.stop()
        await engine.close()
      }
    })
}
