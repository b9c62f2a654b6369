import { resolve } from 'node:path'
import { Argument, type Command as Program } from 'commander'
import { openPackModels } from '../../clip/pack.ts'
import { exportTriton } from '../../packs/export-triton.ts'
import { findPack, servingFolder } from '../../packs/folders.ts'
import { type JsonFlag, jsonOption, type PackSetup, print } from './pack-setup.ts'

/** `neuron-games models export`: a pack for a model server. */
export function addExport(group: Program, setup: PackSetup): void {
  group
    .command('export')
    .description('write the encoders of a pack as the model repository of a server (docs/operations.md)')
    .addArgument(new Argument('<form>', 'of the repository').choices(['triton']))
    .argument('<folder>')
    .argument('[name]', 'the pack; the one that serves if left out')
    .option(...jsonOption)
    .action(async (_form: string, folder: string, name: string | undefined, flags: JsonFlag) => {
      const { models, setting } = setup.packs()
      const from = name ? (await findPack(models, name)).folder : await servingFolder(models, setting)
      const written = await exportTriton(await openPackModels(from), resolve(folder))
      print(setup, flags, { written }, [`The encoders are in ${written.join(' and ')}.`])
    })
}
