import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Option, type Command as Program } from 'commander'
import { type Layout, layouts, legibleLayout, withTargets } from '../../../commands/fool/attack-run.ts'
import type { Services } from '../../chat/services.ts'
import { ownerError } from '../../errors.ts'
import { type AttackWord, namedInFile, paperWords, parseWords } from '../../games/fool/attack.ts'
import { chartOf, csvOf, inWords, type Report } from './attack-report.ts'
import { attacked, type How, type Subject } from './attack-trials.ts'
import { Progress } from './progress.ts'
import { mustBeWritable } from './writable.ts'
import type { TerminalStreams } from './responder.ts'

interface Flags {
  readonly layout?: Layout
  readonly pictures?: string
  readonly all?: boolean
  readonly words?: string
  readonly json?: boolean
  readonly csv?: string
  readonly chart?: string
}

const endings = /\.(png|jpe?g|webp|gif|avif)$/i
/** Pictures of the probe set, unless all are asked for: enough to see which words win, in about a minute. */
const usual = 120

/** `neuron-games attack`: the paper's automatic attack over many pictures. */
export function addAttack(
  program: Program,
  streams: TerminalStreams,
  signal: AbortSignal,
  services: () => Promise<Services>,
): void {
  program
    .command('attack')
    .description(
      'write words on many pictures as the paper did, and count how often the model falls for them',
    )
    .option(
      '--pictures <folder>',
      `pictures to write on; without it, ${usual} of the probe set, those of them that are named rightly`,
    )
    .option('--all', 'all pictures of the probe set, which takes a few minutes')
    .option('--words <file>', 'one a line, "trash -> wastebasket"; without it, those of the paper')
    .addOption(
      new Option('--layout <layout>', 'paper: eight small words; once: one large word with as much cover')
        .choices(layouts)
        .default(undefined, 'paper; both if the model sees too small a square to read that'),
    )
    .option('--json', 'print the result as JSON and nothing else')
    .option('--csv <file>', 'write the table to a file')
    .option('--chart <file>', 'write the table as a picture (PNG) to a file')
    .action(async (flags: Flags) => {
      await mustBeWritable(flags.csv)
      await mustBeWritable(flags.chart)
      const opened = await services()
      const written = flags.words === undefined ? undefined : parseWords(await textOf(flags.words))
      const progress = new Progress(streams.errors, false)
      const how = {
        layouts: layoutsFor(flags.layout, opened.catalogue.pictureSide),
        signal,
        progress: (done: number, all: number) => progress.pictures(done, all),
      }
      const { report, over } = await (
        flags.pictures
          ? overFolder(opened, flags.pictures, written, how)
          : overProbeSet(opened, written ?? paperWords, flags.all ? Infinity : usual, how)
      ).finally(() => progress.stop())
      if (flags.csv) await writeFile(flags.csv, csvOf(report))
      if (flags.chart) await writeFile(flags.chart, await chartOf(opened, report))
      streams.output.write(flags.json ? `${JSON.stringify(report)}\n` : inWords(report, over, streams))
    })
}

/** The layout that was asked for, or the paper's, with the other one beside it if this model couldn't read the paper's letters. */
const layoutsFor = (asked: Layout | undefined, side: number): readonly Layout[] =>
  asked ? [asked] : legibleLayout(side) === 'paper' ? ['paper'] : ['paper', 'once']

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw ownerError('bad-option', `${path} cannot be read; please give a file with one word a line.`, {
      cause,
    })
  })
}

/** Drawings and photographs whose label is the first of the answer. */
async function overProbeSet(
  services: Services,
  words: readonly AttackWord[],
  most: number,
  how: How,
): Promise<{ report: Report; over: string }> {
  const { probe } = services
  const labels = withTargets(probe.labels, words)
  const stated = new Set(probe.labels)
  const known = probe.items.filter(({ kind, label }) => kind !== 'word' && stated.has(label))
  const subjects = spread(known, most).map((item): Subject => ({
    label: item.label,
    read: () => probe.picture(item),
  }))
  const report = await attacked(services, subjects, { words, labels, namedOnly: true }, how)
  return {
    report,
    over: `${report.pictures} of ${subjects.length} drawings and photographs of the probe set${subjects.length < known.length ? `, which has ${known.length} (--all takes them all)` : ''}: those that the model names rightly (top-1 among ${labels.length} labels: the set’s ${probe.labels.length} and the targets)`,
  }
}

/** This many items of a list, evenly spread over it; all of them if there are fewer. */
export const spread = <Item>(list: readonly Item[], most: number): readonly Item[] =>
  list.length <= most
    ? list
    : Array.from({ length: most }, (_, i) => list[Math.floor((i * list.length) / most)]!)

/** A folder of pictures: as they are if their names say what is written on them, otherwise with words written on them. */
async function overFolder(
  services: Services,
  folder: string,
  given: readonly AttackWord[] | undefined,
  how: How,
): Promise<{ report: Report; over: string }> {
  const subjects = await subjectsIn(folder)
  const known = [
    ...new Set(subjects.flatMap(({ label, text }) => [label, text].filter((name) => name !== undefined))),
  ]
  const ready = given === undefined && subjects.every(({ text }) => text !== undefined)
  const words = given ?? (ready ? [] : paperWords)
  const labels = withTargets(known.length > 1 ? known : services.probe.labels, words)
  const plan = { words, labels, namedOnly: false }
  const report = await attacked(services, subjects, plan, how)
  const what = ready ? 'written on already, as their names say' : 'attacked'
  return {
    report,
    over: `${report.pictures} pictures of ${folder}, ${what} (against ${labels.length} labels)`,
  }
}

async function subjectsIn(folder: string): Promise<Subject[]> {
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (!isFolder) throw ownerError('bad-option', `${folder} isn't a folder; please give one with pictures.`)
  const files = (await readdir(folder, { recursive: true })).filter((file) => endings.test(file)).sort()
  if (files.length === 0) throw ownerError('bad-option', `There is no picture in ${folder}.`)
  return files.map((file) => ({ ...namedInFile(basename(file)), read: () => readFile(join(folder, file)) }))
}
