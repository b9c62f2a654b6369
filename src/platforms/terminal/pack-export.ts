import { resolve } from 'node:path'
import { Argument, type Command as Program } from 'commander'
import { openModel } from '../../clip/pack.ts'
import { exportTriton } from '../../packs/export-triton.ts'
import { findPack, servingFolder } from '../../packs/folders.ts'
import type { PackSettings } from './models.ts'
import type { TerminalStreams } from './responder.ts'

interface Setup {
  readonly streams: TerminalStreams
  readonly packs: () => PackSettings
}

/** `neuron-games models export`: a pack for a model server. */
export function addExport(group: Program, { streams, packs }: Setup): void {
  group
    .command('export')
    .description('write the encoders of a pack as the model repository of a server (docs/operations.md)')
    .addArgument(new Argument('<form>', 'of the repository').choices(['triton']))
    .argument('<folder>')
    .argument('[name]', 'the pack; the one that serves if left out')
    .option('--json', 'print the result as JSON and nothing else')
    .action(async (_form: string, folder: string, name: string | undefined, flags: { json?: boolean }) => {
      const { models, setting } = packs()
      const from = name ? (await findPack(models, name)).folder : await servingFolder(models, setting)
      const written = await exportTriton(await openModel(from), resolve(folder))
      const said = flags.json
        ? JSON.stringify({ written }, null, 2)
        : `The encoders are in ${written.join(' and ')}.`
      streams.output.write(`${said}\n`)
    })
}
