import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import type { Command as Program } from 'commander'
import { UserError } from '../../errors.ts'
import { CHECK_PAGE, checkPack, readCheck } from '../../packs/check/check.ts'
import type { Check } from '../../packs/check/schema.ts'
import {
  choosePack,
  findPack,
  findPacks,
  type FoundPack,
  removePack,
  servingFolder,
} from '../../packs/folders.ts'
import { importPack } from '../../packs/import.ts'
import { labelPack } from '../../packs/label/label.ts'
import { isMeasured } from '../../packs/measure/measure.ts'
import type { HubOptions } from '../../packs/pull/hub.ts'
import { pullPack } from '../../packs/pull/index.ts'
import { pullables } from '../../packs/pull/sources.ts'
import { addExport } from './pack-export.ts'
import { addPackPictures } from './pack-pictures.ts'
import { Progress } from './progress.ts'
import type { TerminalStreams } from './responder.ts'

export interface PackSettings extends HubOptions {
  /** Where packs live. */
  readonly models: string
  readonly threads: number
  /** MODEL_PACK */
  readonly setting?: string
}

interface Setup {
  readonly streams: TerminalStreams
  readonly signal: AbortSignal
  readonly packs: () => PackSettings
}

interface Flags {
  readonly json?: boolean
}

const json = ['--json', 'print the result as JSON and nothing else'] as const

/** `neuron-games models …`: what packs there are, and how they come and go. */
export function addModels(program: Program, setup: Setup): void {
  const group = program.command('models').description('CLIPs to play with: pull one, check it, choose it')
  const print = ({ json: asJson }: Flags, value: unknown, lines: readonly string[]): void => {
    setup.streams.output.write(`${asJson ? JSON.stringify(value, null, 2) : lines.join('\n')}\n`)
  }
  const progress = (flags: Flags): Progress => new Progress(setup.streams.errors, flags.json ?? false)

  group
    .command('list')
    .description('packs on this machine and packs that can be pulled')
    .option(...json)
    .action(async (flags: Flags) => {
      const rows = await listed(setup.packs())
      print(
        flags,
        rows,
        rows.flatMap(({ name, title, megabytes, licence, source, state, serves }) => [
          `${serves ? '*' : ' '} ${name.padEnd(9)} ${title}, ${megabytes.toLocaleString('en')} MB: ${state}`,
          `            ${[source, licence].filter(Boolean).join('; ')}`,
        ]),
      )
    })

  group
    .command('pull')
    .description('download a CLIP, make a pack of it and check it')
    .argument('<name>', pullables.map(({ id }) => id).join(', '))
    .option('--no-check', 'do not measure it now; it serves only after models check')
    .option(...json)
    .action(async (name: string, flags: Flags & { check: boolean }) => {
      const what = pullables.find(({ id }) => id === name)
      if (!what)
        throw new UserError(
          'not-found',
          `${name} cannot be pulled; what can is ${pullables.map(({ id }) => id).join(', ')}.`,
        )
      const { models, endpoint, token } = setup.packs()
      const shown = progress(flags)
      await pullPack(what, {
        models,
        endpoint,
        ...(token && { token }),
        signal: setup.signal,
        say: (line) => shown.say(line),
        onBytes: (done, total) => shown.bytes(done, total),
      }).finally(() => shown.stop())
      await finish(name, flags)
    })

  group
    .command('import')
    .description('make a pack of ONNX files that lie on this machine')
    .argument('<paths...>', 'the picture and the text encoder, or a folder with both')
    .requiredOption('--name <name>', 'what to call it: small letters, digits and hyphens')
    .option('--title <title>', 'its name in sentences')
    .option('--source <source>', 'where it comes from', 'imported files')
    .option('--licence <licence>', 'its licence', 'not stated')
    .option('--gelu', 'it was trained with GELU and not with QuickGELU, as OpenAI trained')
    .option('--no-check', 'do not measure it now; it serves only after models check')
    .option(...json)
    .action(async (paths: string[], flags: ImportFlags) => {
      const { name, title = name, source, licence, gelu } = flags
      if (!/^[a-z0-9-]+$/.test(name) || name === 'pocket')
        throw new UserError(
          'bad-option',
          'A pack’s name has small letters, digits and hyphens, and is not pocket.',
        )
      const shown = progress(flags)
      await importPack(
        paths.map((path) => resolve(path)),
        {
          models: setup.packs().models,
          identity: { id: name, title, source, licence },
          ...(gelu && { gelu }),
          say: (line) => shown.say(line),
        },
      ).finally(() => shown.stop())
      await finish(name, flags)
    })

  group
    .command('check')
    .description('measure a pack on this machine and check what is claimed of it')
    .argument('<name>')
    .option('--open', 'show the result as a page')
    .option(...json)
    .action(async (name: string, flags: Flags & { open?: boolean }) => {
      const { folder, check } = await checked(name, flags)
      print(flags, check, sentences(check))
      if (flags.open) openPage(join(folder, CHECK_PAGE))
    })

  group
    .command('label')
    .description('name the units of a pack by its weights and by the probe set')
    .argument('<name>')
    .option('--open', 'show the names as a page')
    .option(...json)
    .action(async (name: string, flags: Flags & { open?: boolean }) => {
      const { models, threads } = setup.packs()
      const { folder } = await findPack(models, name)
      const shown = progress(flags)
      const labelled = await labelPack(folder, {
        threads,
        signal: setup.signal,
        say: (line) => shown.say(line),
        onProgress: (done, total) => shown.pictures(done, total),
      }).finally(() => shown.stop())
      print(flags, labelled, [
        `${labelled.named} of ${labelled.units} units have a name; ${labelled.page} shows how each came about.`,
      ])
      if (flags.open) openPage(labelled.page)
    })

  addPackPictures(group, setup)

  group
    .command('use')
    .description('choose the pack that serves from the next start on')
    .argument('<name>')
    .option(...json)
    .action(async (name: string, flags: Flags) => {
      const { models, setting } = setup.packs()
      const pack = await findPack(models, name)
      if (!isMeasured(pack.folder))
        throw new UserError(
          'bad-pack',
          `${name} was not measured yet: run neuron-games models check ${name}.`,
        )
      await choosePack(models, pack)
      const overruled = setting ? ` The setting MODEL_PACK (${setting}) still goes first.` : ''
      print(flags, { serves: name }, [`${name} serves from the next start on.${overruled}`])
    })

  addExport(group, setup)

  group
    .command('remove')
    .description('delete a pack from this machine')
    .argument('<name>')
    .option(...json)
    .action(async (name: string, flags: Flags) => {
      const { models } = setup.packs()
      await removePack(models, await findPack(models, name))
      print(flags, { removed: name }, [`${name} is gone.`])
    })

  async function checked(name: string, flags: Flags): Promise<{ folder: string; check: Check }> {
    const { models, threads } = setup.packs()
    const { folder, embedded } = await findPack(models, name)
    if (embedded)
      throw new UserError('not-allowed', 'The embedded pack came measured: there is nothing to check.')
    const shown = progress(flags)
    shown.say('Measuring the units; it can be stopped and goes on from there')
    const check = await checkPack(folder, {
      threads,
      signal: setup.signal,
      onProgress: (done, total) => shown.pictures(done, total),
    }).finally(() => shown.stop())
    return { folder, check }
  }

  /** A new pack is measured, so that it can serve. */
  async function finish(name: string, flags: Flags & { check: boolean }): Promise<void> {
    const next = `Start it with: neuron-games models use ${name}`
    if (!flags.check) {
      print(flags, { name, measured: false }, [
        `${name} is here. Measure it with: neuron-games models check ${name}`,
      ])
      return
    }
    const { check } = await checked(name, flags)
    print(flags, check, [...sentences(check), next])
  }
}

interface ImportFlags extends Flags {
  readonly name: string
  readonly title?: string
  readonly source: string
  readonly licence: string
  readonly gelu?: boolean
  readonly check: boolean
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

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

function sentences({ title, baseline, words, neurons = [], pool, passed }: Check): string[] {
  return [
    `${title}: ${passed ? 'all that was checked holds' : 'not all that was checked holds'}.`,
    `  baseline  ${baseline.pictures} pictures; ${baseline.silentUnits} units fired for none`,
    ...(words
      ? [
          `  words     ${percent(words.share)} of ${words.pairs} bring their unit up; chance gives ${percent(words.chance)}`,
        ]
      : ['  words     nobody published any for this model']),
    ...neurons.map(
      ({ unit, name, passed: holds, rank }) =>
        `            ${String(unit).padStart(4)} ${name}: ${holds ? 'answers' : 'does not answer'} (top ${percent(Math.max(rank, 0.0004))})`,
    ),
    ...(pool ? [`  pool      units add up to the embedding within ${pool.difference.toExponential(1)}`] : []),
  ]
}

/** In whatever this system opens pages with; where there is nothing, the path was printed. */
function openPage(path: string): void {
  const opener = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? 'xdg-open'
  spawn(opener, [path], { detached: true, stdio: 'ignore' })
    .on('error', () => {})
    .unref()
}
