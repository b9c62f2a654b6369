import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { type Command as Program, Option } from 'commander'
import { embeddedId } from '../../clip/pack-schema.ts'
import { ownerError } from '../../errors.ts'
import { checkPack, checkPageFile, readCheck } from '../../packs/check/check.ts'
import type { Check } from '../../packs/check/schema.ts'
import { findPack, type FoundPack } from '../../packs/folders.ts'
import { importPack } from '../../packs/import.ts'
import { labelPack } from '../../packs/label/label.ts'
import { type Precision, precisions } from '../../packs/make.ts'
import { pullPack } from '../../packs/pull/index.ts'
import { pullables } from '../../packs/pull/sources.ts'
import { type JsonFlag, jsonOption, type PackSetup, print, progress } from './pack-setup.ts'

const precisionOption = () =>
  new Option('--precision <precision>', 'how the weights are kept; fp16 takes half the disk')
    .choices(precisions)
    .default('fp32' satisfies Precision)

/** `models pull` */
export function addPull(group: Program, setup: PackSetup): void {
  group
    .command('pull')
    .description('download a CLIP, make a pack of it and check it')
    .argument('<name>', pullables.map(({ id }) => id).join(', '))
    .addOption(precisionOption())
    .option('--no-check', 'do not measure it now; it serves only after models check')
    .option(...jsonOption)
    .action(async (name: string, flags: JsonFlag & { check: boolean; precision: Precision }) => {
      const what = pullables.find(({ id }) => id === name)
      if (!what)
        throw ownerError(
          'not-found',
          `${name} cannot be pulled; what can is ${pullables.map(({ id }) => id).join(', ')}.`,
        )
      const { models, endpoint, token } = setup.packs()
      const shown = progress(setup, flags)
      await pullPack(what, {
        models,
        endpoint,
        ...(token && { token }),
        precision: flags.precision,
        signal: setup.signal,
        say: (line) => shown.say(line),
        onBytes: (done, total) => shown.bytes(done, total),
      }).finally(() => shown.stop())
      await measureNew(setup, name, flags)
    })
}

interface ImportFlags extends JsonFlag {
  readonly name: string
  readonly title?: string
  readonly source: string
  readonly licence: string
  readonly gelu?: boolean
  readonly precision: Precision
  readonly check: boolean
}

/** `models import` */
export function addImport(group: Program, setup: PackSetup): void {
  group
    .command('import')
    .description('make a pack of ONNX files that lie on this machine')
    .argument('<paths...>', 'the picture and the text encoder, or a folder with both')
    .requiredOption('--name <name>', 'what to call it: small letters, digits and hyphens')
    .option('--title <title>', 'its name in sentences')
    .option('--source <source>', 'where it comes from', 'imported files')
    .option('--licence <licence>', 'its licence', 'not stated')
    .option('--gelu', 'it was trained with GELU and not with QuickGELU, as OpenAI trained')
    .addOption(precisionOption())
    .option('--no-check', 'do not measure it now; it serves only after models check')
    .option(...jsonOption)
    .action(async (paths: string[], flags: ImportFlags) => {
      const { name, title = name, source, licence, gelu, precision } = flags
      if (!/^[a-z0-9-]+$/.test(name) || name === embeddedId)
        throw ownerError(
          'bad-option',
          'A pack’s name has small letters, digits and hyphens, and is not pocket.',
        )
      const shown = progress(setup, flags)
      await importPack(
        paths.map((path) => resolve(path)),
        {
          models: setup.packs().models,
          identity: { id: name, title, source, licence },
          ...(gelu && { gelu }),
          precision,
          say: (line) => shown.say(line),
        },
      ).finally(() => shown.stop())
      await measureNew(setup, name, flags)
    })
}

/** `models check` */
export function addCheck(group: Program, setup: PackSetup): void {
  group
    .command('check')
    .description('measure a pack on this machine and check what is claimed of it')
    .argument('<name>')
    .option('--open', 'show the result as a page; a pack that was checked is not measured again')
    .option(...jsonOption)
    .action(async (name: string, flags: JsonFlag & { open?: boolean }) => {
      const found = await findPack(setup.packs().models, name)
      const { folder, facts } = found
      const known = flags.open && facts ? await readCheck({ folder, facts }) : undefined
      const check = known ?? (await checked(setup, found, flags))
      print(setup, flags, check, sentences(check))
      if (flags.open) openPage(join(folder, checkPageFile))
    })
}

/** `models label` */
export function addLabel(group: Program, setup: PackSetup): void {
  group
    .command('label')
    .description('name the units of a pack by its weights and by the probe set')
    .argument('<name>')
    .option('--open', 'show the names as a page')
    .option(...jsonOption)
    .action(async (name: string, flags: JsonFlag & { open?: boolean }) => {
      const { models, threads } = setup.packs()
      const { folder } = await findPack(models, name)
      const shown = progress(setup, flags)
      const labelled = await labelPack(folder, {
        threads,
        signal: setup.signal,
        say: (line) => shown.say(line),
        onProgress: (done, total) => shown.pictures(done, total),
        onWords: (done, total) => shown.words(done, total),
      }).finally(() => shown.stop())
      print(setup, flags, labelled, [
        `${labelled.named} of ${labelled.units} units have a name; ${labelled.page} shows how each came about.`,
      ])
      if (flags.open) openPage(labelled.page)
    })
}

async function checked(setup: PackSetup, { folder, embedded }: FoundPack, flags: JsonFlag): Promise<Check> {
  const { threads, keptLabels } = setup.packs()
  if (embedded) throw ownerError('not-allowed', 'The embedded pack came measured: there is nothing to check.')
  const shown = progress(setup, flags)
  shown.say('Measuring the units; you can stop it at any time, and it resumes from there')
  return checkPack(folder, {
    threads,
    signal: setup.signal,
    say: (line) => shown.say(line),
    ...(keptLabels && { keptLabels }),
    onProgress: (done, total) => shown.pictures(done, total),
    onWords: (done, total) => shown.words(done, total),
  }).finally(() => shown.stop())
}

/** A new pack is measured, so that it can serve. */
async function measureNew(
  setup: PackSetup,
  name: string,
  flags: JsonFlag & { check: boolean },
): Promise<void> {
  const next = `Start it with: npx neuron-games models use ${name}`
  if (!flags.check) {
    print(setup, flags, { name, measured: false }, [
      `${name} is here. Measure it with: npx neuron-games models check ${name}`,
    ])
    return
  }
  const check = await checked(setup, await findPack(setup.packs().models, name), flags)
  print(setup, flags, check, [...sentences(check), next])
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

/** With whatever opens pages on this system; if there is nothing, the path was printed. */
function openPage(path: string): void {
  const opener = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? 'xdg-open'
  spawn(opener, [path], { detached: true, stdio: 'ignore' })
    .on('error', () => {})
    .unref()
}
