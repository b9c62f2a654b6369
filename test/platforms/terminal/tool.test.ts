import { execFile } from 'node:child_process'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commands } from '../../../commands/index.ts'
import { addScore } from '../../../commands/scores/record.ts'
import { terminalProgram } from '../../../src/platforms/terminal/program.ts'
import { projectRoot } from '../../../src/root.ts'
import { openStore } from '../../../src/store/open.ts'
import { openTable, type Table } from '../../commands/harness.ts'
import { atLength } from '../../examples.ts'
import { pocketPack } from '../../pocket-pack.ts'
import { shortPack } from '../../short-pack.ts'

interface Outcome {
  readonly status: number | string
  readonly output: string
  readonly errors: string
}

let folder: string
let pack: string
let storeUrl: string
let table: Table
const cactus = join(projectRoot, 'assets/contest/cactus.jpg')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neuron-games-'))
  pack = await shortPack(folder)
  storeUrl = `sqlite://${join(folder, 'store.db')}`
  table = await openTable(commands, { store: await openStore(storeUrl) })
})
afterAll(async () => {
  await table.close()
  await table.services.store.close()
})

/** Runs the tool as it is installed, in a process and a folder of its own. */
function installed(args: readonly string[], input?: Uint8Array, settings = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const own = { PROVIDER: 'cpu', MODEL_PACK: pack, STORE_URL: storeUrl, ...settings }
    const child = execFile(
      process.execPath,
      [join(projectRoot, 'bin/neuron-games.js'), ...args],
      { cwd: folder, env: { ...process.env, ...own } },
      (error, output, errors) =>
        resolve({ status: error ? (error.code ?? error.signal ?? 'killed') : 0, output, errors }),
    )
    child.stdin?.end(input)
  })
}

/** Runs it in this process, where model and engine are already open. */
async function inHere(args: readonly string[], input?: Uint8Array): Promise<Outcome> {
  const streams = { input: new PassThrough(), output: new PassThrough(), errors: new PassThrough() }
  streams.input.end(input)
  const terminal = terminalProgram({
    commands,
    streams,
    signal: new AbortController().signal,
    storeUrl: () => storeUrl,
    packs: () => ({ models: folder, endpoint: '', threads: 1 }),
    doctor: async () => true,
    open: async () => table.dispatcher,
  })
  const status = await terminal.run(args)
  streams.output.end()
  streams.errors.end()
  return { status, output: await text(streams.output), errors: await text(streams.errors) }
}

/** Every line with the installed tool takes minutes: in `npm test` there are two. */
const tool = atLength ? installed : inHere

describe('neuron-games neurons', () => {
  test('says what it takes the picture for, prints the strongest units as bars, writes the card, and a button works in a later process', async () => {
    const card = join(folder, 'card.jpg')
    const { status, output } = await tool(['neurons', cactus, '--top', '3', '--card', card, '--buttons'])
    expect(status).toBe(0)
    expect(output).toMatch(/^What it takes this for: Cactus/)
    expect(output).toMatch(/\nFires, in σ from zero\n[^]*Cactus \(unit \d+\) +█+ +\d+\.\d\sσ\n/)
    const { width, height } = await sharp(card).metadata()
    expect(width).toBe(720)
    expect(height).toBeGreaterThan(720)
    const buttons = [...output.matchAll(/press (neurons\/heat\/\S+)/g)].map((match) => match[1]!)
    const other = join(folder, 'other.png')
    expect(await installed(['press', buttons[1]!, '--card', other])).toMatchObject({ status: 0 })
    expect((await sharp(other).metadata()).format).toBe('png')
    expect(await sharp(other).raw().toBuffer()).not.toEqual(await sharp(card).raw().toBuffer())
  })

  test('prints JSON and nothing else, from standard input', async () => {
    const { status, output } = await tool(['neurons', '-', '--json', '--top', '2'], await readFile(cactus))
    expect(status).toBe(0)
    const data = JSON.parse(output) as {
      units: { unit: number; name: string; sigma: number; percentile: number }[]
    }
    expect(data).toMatchObject({ model: 'pocket', provider: 'cpu', units: [{ name: 'cactus' }, {}] })
    expect(output).not.toContain('press')
    expect(data.units[0]!.percentile).toBeGreaterThan(99)
    expect(data.units[0]!.sigma).toBeGreaterThan(data.units[1]!.sigma)
  })

  const unreadable: [string, string, RegExp][] = [
    ['a text with the name of a picture', 'text.png', /^This file is a text file\. Send a PNG/],
    ['a file that is not there', 'nothing.png', /nothing\.png cannot be read \(there is no such file\)/],
    ['an empty file', 'empty.png', /empty/],
  ]
  test.each(unreadable)('%s: status 2 and one sentence', async (_, name, sentence) => {
    await writeFile(join(folder, 'text.png'), 'hello, I am no picture')
    await writeFile(join(folder, 'empty.png'), '')
    const { status, output, errors } = await tool(['neurons', join(folder, name), '--json'])
    expect({ status, output }).toEqual({ status: 2, output: '' })
    expect(errors).toMatch(sentence)
    expect(errors.trim().split('\n')).toHaveLength(1)
  })
})

test.runIf(atLength)(
  'neuron-games visualize saves the picture under a name of its own, and says where',
  async () => {
    const { unit } = (await pocketPack()).units.find(({ name }) => name === 'cactus')!
    await writeFile(join(folder, `neuron-${unit}-cactus.png`), 'an earlier one')
    const { output, errors } = await tool(['visualize', 'cactus', '--steps', '2', '--size', '32'])
    expect(errors).toBe('')
    const [, name] = /\nSaved as (.*)\n$/.exec(output)!
    expect(name).toBe(`neuron-${unit}-cactus-2.png`)
    expect(await sharp(join(folder, name!)).metadata()).toMatchObject({ width: 32, height: 32 })
  },
)

test('--help lists everything, and a wrong option is named', async () => {
  const help = await tool(['neurons', '--help'])
  expect(help.status).toBe(0)
  for (const word of ['<picture>', '--top', '--json', '--card']) expect(help.output).toContain(word)
  const wrong = await tool(['neurons', cactus, '--top', '99'])
  expect(wrong).toMatchObject({ status: 2, errors: '"top" takes a whole number from 1 to 10.\n' })
})

test('a wrong setting is named', async () => {
  const { status, errors } = await installed(['neurons', cactus], undefined, { THREADS: 'many' })
  expect(status).toBe(2)
  expect(errors).toMatch(/^Please correct these settings\. THREADS: /)
})

test('backup and restore are one command each', async () => {
  const file = join(folder, 'backup.ndjson')
  const store = await openStore(storeUrl)
  const score = { game: 'guess', person: 'ada', name: 'Ada', points: 3, at: 0, detail: 'a question' }
  await addScore(store, { platform: 'terminal', community: 'home' }, '1', score)
  await store.close()
  expect((await tool(['backup', file])).output).toMatch(/^[1-9]\d* records are in /)
  expect(await tool(['backup', file])).toMatchObject({
    status: 2,
    errors: `${file} exists already; please name another file.\n`,
  })
  expect((await tool(['restore', file])).output).toMatch(/^\d+ records of .* are in the store\.\n$/)
})
