import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Command as Program } from 'commander'
import { attack, paperSized, withTargets } from '../../../commands/fool/attack-run.ts'
import type { Services } from '../../chat/services.ts'
import { UserError } from '../../errors.ts'
import {
  type AttackRate,
  type AttackTrial,
  type AttackWord,
  namedInFile,
  paperWords,
  parseWords,
  rateOf,
} from '../../games/fool/attack.ts'
import { topLabel } from '../../games/fool/score.ts'
import type { PictureInput } from '../../jobs/engine.ts'
import { renderReply } from './render.ts'
import type { TerminalStreams } from './responder.ts'

interface Flags {
  readonly pictures?: string
  readonly words?: string
  readonly json?: boolean
  readonly csv?: string
  readonly chart?: string
}

/** A picture with what is known of it. */
interface Subject {
  /** What it shows. */
  readonly label?: string
  /** What is written on it already. */
  readonly text?: string
  read(): Promise<PictureInput>
}

/** What `--json` prints: shares from 0 to 1. */
interface Report {
  /** How many pictures were attacked. */
  readonly pictures: number
  /** Share of the pictures whose label is known that the model names rightly, before any word is written; null where none is known. */
  readonly clean: number | null
  readonly words: readonly AttackRate[]
}

const endings = /\.(png|jpe?g|webp|gif|avif)$/i
/** So many pictures are on their way at once. */
const lanes = 4

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
      'pictures to write on; without it, those of the probe set that are named rightly',
    )
    .option('--words <file>', 'one a line, "trash -> wastebasket"; without it, those of the paper')
    .option('--json', 'print the result as JSON and nothing else')
    .option('--csv <file>', 'write the table to a file')
    .option('--chart <file>', 'write the table as a picture (PNG) to a file')
    .action(async (flags: Flags) => {
      const opened = await services()
      const written = flags.words === undefined ? undefined : parseWords(await textOf(flags.words))
      const progress = (done: number, all: number): void => {
        if (streams.errors.isTTY)
          streams.errors.write(`\r${done} of ${all} pictures${done === all ? '\n' : ''}`)
      }
      const { report, over } = flags.pictures
        ? await overFolder(opened, flags.pictures, written, signal, progress)
        : await overProbeSet(opened, written ?? paperWords, signal, progress)
      if (flags.csv) await writeFile(flags.csv, csvOf(report))
      if (flags.chart) await writeFile(flags.chart, await chartOf(opened, report, over))
      streams.output.write(flags.json ? `${JSON.stringify(report)}\n` : inWords(report, over, streams))
    })
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UserError('bad-option', `${path} cannot be read; please give a file with one word a line.`, {
      cause,
    })
  })
}

/** Drawings and photographs whose label is the first of the answer. */
async function overProbeSet(
  services: Services,
  words: readonly AttackWord[],
  signal: AbortSignal,
  progress: (done: number, all: number) => void,
): Promise<{ report: Report; over: string }> {
  const { probe } = services
  const labels = withTargets(probe.labels, words)
  const stated = new Set(probe.labels)
  const subjects = probe.items
    .filter(({ kind, label }) => kind !== 'word' && stated.has(label))
    .map((item): Subject => ({ label: item.label, read: () => probe.picture(item) }))
  const report = await attacked(services, subjects, { words, labels, namedOnly: true }, signal, progress)
  return {
    report,
    over: `${report.pictures} of ${subjects.length} drawings and photographs of the probe set, those that the model names rightly (top-1 among ${labels.length} labels: the set’s ${probe.labels.length} and the targets)`,
  }
}

/** A folder of pictures: as they are where their names say what is written on them, with words written on them otherwise. */
async function overFolder(
  services: Services,
  folder: string,
  given: readonly AttackWord[] | undefined,
  signal: AbortSignal,
  progress: (done: number, all: number) => void,
): Promise<{ report: Report; over: string }> {
  const subjects = await subjectsIn(folder)
  const known = [
    ...new Set(subjects.flatMap(({ label, text }) => [label, text].filter((name) => name !== undefined))),
  ]
  const asTheyAre = given === undefined && subjects.every(({ text }) => text !== undefined)
  const words = given ?? (asTheyAre ? [] : paperWords)
  const labels = withTargets(known.length > 1 ? known : services.probe.labels, words)
  const plan = { words, labels, namedOnly: false }
  const report = await attacked(services, subjects, plan, signal, progress)
  const what = asTheyAre ? 'written on already, as their names say' : 'attacked'
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
  if (!isFolder) throw new UserError('bad-option', `${folder} is no folder; please give one with pictures.`)
  const files = (await readdir(folder, { recursive: true })).filter((file) => endings.test(file)).sort()
  if (files.length === 0) throw new UserError('bad-option', `There is no picture in ${folder}.`)
  return files.map((file) => ({ ...namedInFile(basename(file)), read: () => readFile(join(folder, file)) }))
}

interface Plan {
  readonly words: readonly AttackWord[]
  readonly labels: readonly string[]
  /** Only pictures that the model names rightly are attacked. */
  readonly namedOnly: boolean
}

async function attacked(
  services: Services,
  subjects: readonly Subject[],
  { words, labels, namedOnly }: Plan,
  signal: AbortSignal,
  progress: (done: number, all: number) => void,
): Promise<Report> {
  const trials = words.map((): AttackTrial[] => [])
  const asTheyAre = new Map<string, AttackTrial[]>()
  let [pictures, labelled, named, done] = [0, 0, 0, 0]
  const waiting = subjects[Symbol.iterator]()
  const lane = async (): Promise<void> => {
    for (const { label, text, read } of waiting) {
      const input = await read()
      const given = await services.engine.classify(input, labels, { signal, alone: true })
      const right = topLabel(given.scores) === label
      if (label !== undefined) labelled++
      if (right) named++
      progress(++done, subjects.length)
      if (namedOnly && !right) continue
      pictures++
      if (words.length === 0 && text !== undefined) {
        const trial = { cover: 0, before: label!, after: topLabel(given.scores)! }
        asTheyAre.set(text, [...(asTheyAre.get(text) ?? []), trial])
        continue
      }
      const picture = await paperSized(input instanceof Uint8Array ? given.preview : input)
      const clean = await services.engine.classify(picture, labels, { signal, alone: true })
      for (const [i, word] of words.entries()) {
        const { cover, before, after } = await attack(services, picture, clean, word, { signal })
        trials[i]!.push({ cover, before, after })
      }
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return {
    pictures,
    clean: labelled === 0 ? null : named / labelled,
    words: [
      ...words.map((word, i) => rateOf(word, trials[i]!)),
      ...[...asTheyAre]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([text, list]) => ({ ...rateOf({ word: text, target: text }, list), cover: null })),
    ],
  }
}

const share = (value: number | null): string => (value === null ? '' : `${(100 * value).toFixed(1)} %`)

function inWords({ clean, words }: Report, over: string, { output }: TerminalStreams): string {
  const elements = [
    { kind: 'text', text: over },
    {
      kind: 'table',
      columns: ['text -> class', 'cover', 'success'],
      rows: words.map(({ word, target, cover, success }) => [
        `${word} -> ${target}`,
        share(cover),
        share(success),
      ]),
    },
    {
      kind: 'note',
      text:
        clean === null ? 'What the pictures show is not known.' : `Named rightly before: ${share(clean)}.`,
    },
  ] as const
  return `${renderReply({ elements }, { width: output.columns ?? 80, colour: output.isTTY === true })}\n`
}

const csvOf = ({ pictures, words }: Report): string =>
  [
    'word,target,cover,success,pictures',
    ...words.map(({ word, target, cover, success }) =>
      [word, target, cover ?? '', success, pictures].map((cell) => quoted(String(cell))).join(','),
    ),
    '',
  ].join('\n')

const quoted = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

async function chartOf({ cards, catalogue }: Services, { words }: Report, over: string): Promise<Uint8Array> {
  const card = await cards.draw('bars', {
    title: 'How often a written word wins',
    pictures: [],
    bars: words.map(({ word, target, success }) => ({ label: `${word} → ${target}`, probability: success })),
    modelTitle: `${over}. ${catalogue.modelTitle}`,
    theme: 'light',
  })
  return card.bytes
}
