import type { Command as Program } from 'commander'
import { ownerError } from '../../errors.ts'
import { readCheck } from '../../packs/check/check.ts'
import {
  choosePack,
  findPack,
  findPacks,
  type FoundPack,
  removePack,
  servingFolder,
} from '../../packs/folders.ts'
import { isMeasured } from '../../packs/measure/measure.ts'
import { pullables } from '../../packs/pull/sources.ts'
import { addExport } from './pack-export.ts'
import { addCheck, addImport, addLabel, addPull } from './pack-making.ts'
import { addPackPictures } from './pack-pictures.ts'
import { type JsonFlag, jsonOption, type PackSettings, type PackSetup, print } from './pack-setup.ts'

/** `neuron-games models …`: lists, adds and removes packs. In the order in which help lists the subcommands. */
export function addModels(program: Program, setup: PackSetup): void {
  const group = program.command('models').description('CLIPs to play with: pull one, check it, choose it')
  addList(group, setup)
  addPull(group, setup)
  addImport(group, setup)
  addCheck(group, setup)
  addLabel(group, setup)
  addPackPictures(group, setup)
  addUse(group, setup)
  addExport(group, setup)
  addRemove(group, setup)
}

function addList(group: Program, setup: PackSetup): void {
  group
    .command('list')
    .description('packs on this machine and packs that can be pulled')
    .option(...jsonOption)
    .action(async (flags: JsonFlag) => {
      const rows = await listed(setup.packs())
      print(
        setup,
        flags,
        rows,
        rows.flatMap(({ name, title, megabytes, licence, source, state, serves }) => [
          `${serves ? '*' : ' '} ${name.padEnd(9)} ${title}, ${megabytes.toLocaleString('en')} MB: ${state}`,
          `            ${[source, licence].filter(Boolean).join('; ')}`,
        ]),
      )
    })
}

function addUse(group: Program, setup: PackSetup): void {
  group
    .command('use')
    .description('choose the pack that serves from the next start on')
    .argument('<name>')
    .option(...jsonOption)
    .action(async (name: string, flags: JsonFlag) => {
      const { models, setting } = setup.packs()
      const pack = await findPack(models, name)
      if (!isMeasured(pack.folder))
        throw ownerError(
          'bad-pack',
          `${name} was not measured yet: run npx neuron-games models check ${name}.`,
        )
      await choosePack(models, pack)
      const overruled = setting ? ` The setting MODEL_PACK (${setting}) still goes first.` : ''
      print(setup, flags, { serves: name }, [`${name} serves from the next start on.${overruled}`])
    })
}

function addRemove(group: Program, setup: PackSetup): void {
  group
    .command('remove')
    .description('delete a pack from this machine')
    .argument('<name>')
    .option(...jsonOption)
    .action(async (name: string, flags: JsonFlag) => {
      const { models } = setup.packs()
      await removePack(models, await findPack(models, name))
      print(setup, flags, { removed: name }, [`${name} is gone.`])
    })
}

async function listed({ models, setting }: PackSettings) {
  const serving = await servingFolder(models, setting)
  const here = await findPacks(models)
  const rows = await Promise.all(
    here.map(async (pack) => ({
      name: pack.name,
      title: pack.facts?.title ?? pack.name,
      megabytes: Math.round((pack.facts?.files ?? []).reduce((sum, { bytes }) => sum + bytes, 0) / 1e6),
      licence: pack.facts?.licence ?? '',
      source: pack.facts?.source ?? '',
      state: await stateOf(pack),
      serves: pack.folder === serving,
    })),
  )
  const others = pullables.filter(({ id }) => !here.some(({ name }) => name === id))
  return [
    ...rows,
    ...others.map(({ id, title, megabytes, licence, sources }) => ({
      name: id,
      title,
      megabytes,
      licence,
      source: sources[0]!.repo,
      state: 'can be pulled',
      serves: false,
    })),
  ]
}

async function stateOf({ folder, facts, embedded, problem }: FoundPack): Promise<string> {
  if (!facts) return `cannot be used: ${problem}`
  if (embedded) return 'embedded'
  if (!isMeasured(folder)) return 'not measured yet'
  const check = await readCheck({ folder, facts })
  if (!check) return 'measured'
  return check.passed ? 'checked' : 'checked, with doubts: see models check'
}
