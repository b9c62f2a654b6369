import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { samples, readSample } from '../../../commands/fool/samples.ts'
import type { Services } from '../../../src/chat/services.ts'
import { spread } from '../../../src/platforms/terminal/attack.ts'
import { terminalProgram } from '../../../src/platforms/terminal/program.ts'
import { edited } from '../../commands/fool-steps.ts'
import { openHome } from '../../commands/home.ts'
import { atLength } from '../../examples.ts'

const { dispatcher, services } = openHome([])
const folder = mkdtempSync(join(tmpdir(), 'attack-'))
const reports = mkdtempSync(join(tmpdir(), 'attack-reports-'))
const inFolder = (name: string) => join(folder, name)

beforeAll(async () => {
  for (const sample of samples.pictures.slice(0, 4))
    writeFileSync(inFolder(sample.file), await readSample(sample))
})
afterAll(() => {
  for (const each of [folder, reports]) rmSync(each, { recursive: true })
})

async function attack(args: string[], changes: Partial<Services> = {}) {
  const streams = { input: new PassThrough(), output: new PassThrough(), errors: new PassThrough() }
  const terminal = terminalProgram({
    commands: [],
    streams,
    signal: new AbortController().signal,
    open: async () => Object.assign(Object.create(dispatcher()), { services: { ...services(), ...changes } }),
    storeUrl: () => '',
    packs: () => ({ models: '', endpoint: '', threads: 1 }),
    doctor: async () => true,
  })
  const status = await terminal.run(['attack', ...args])
  streams.output.end()
  streams.errors.end()
  return { status, output: await text(streams.output), errors: await text(streams.errors) }
}

describe('neuron-games attack', () => {
  test('writes the words of a file on the pictures of a folder, and says how often each wins', async () => {
    const [words, csv, chart] = ['words.txt', 'table.csv', 'chart.png'].map((name) => join(reports, name))
    writeFileSync(words!, '# two\npizza\nteapot -> teapot\n')
    const args = [
      '--pictures',
      folder,
      '--words',
      words!,
      '--layout',
      'once',
      '--csv',
      csv!,
      '--chart',
      chart!,
      '--json',
    ]
    const { status, output } = await attack(args)
    expect(status).toBe(0)
    const report = JSON.parse(output)
    expect(Object.keys(report)).toEqual(['pictures', 'clean', 'words'])
    expect(report).toMatchObject({ pictures: 4, clean: null })
    expect(report.words.map(Object.keys)).toEqual(
      Array.from({ length: 2 }, () => ['word', 'target', 'cover', 'success', 'layout']),
    )
    for (const { cover, success } of report.words) {
      expect(cover).toBeGreaterThan(0.03)
      expect(cover).toBeLessThan(0.12)
      expect([0, 0.25, 0.5, 0.75, 1]).toContain(success)
    }
    // The pizza among the four is called that already, and doesn't count as a success.
    expect(report.words[0].success).toBeLessThan(1)
    expect(readFileSync(csv!, 'utf8').split('\n')[0]).toBe('word,target,layout,cover,success,pictures')
    expect((await sharp(chart).metadata()).format).toBe('png')
    expect(JSON.parse((await attack(args)).output)).toEqual(report)
  })

  test('reads pictures as they are if they are named like those of RTA-100', async () => {
    const written = mkdtempSync(join(tmpdir(), 'rta-'))
    writeFileSync(join(written, 'label=dog_text=pizza.png'), await edited('dog', 'pizza', 90))
    writeFileSync(join(written, 'label=teapot_text=koala.png'), await edited('teapot', 'koala', 20))
    const report = JSON.parse((await attack(['--pictures', written, '--json'])).output)
    expect(report).toEqual({
      pictures: 2,
      clean: 0.5,
      words: [
        { word: 'koala', target: 'koala', cover: null, success: 0 },
        { word: 'pizza', target: 'pizza', cover: null, success: 1 },
      ],
    })
    rmSync(written, { recursive: true })
  })

  test.runIf(atLength)(
    'takes those of the probe set that are named correctly, and says among what labels',
    async () => {
      const { probe } = services()
      const few = { ...probe, items: probe.items.filter((_, i) => i % 40 === 0) }
      const { output } = await attack(['--words', join(reports, 'words.txt')], { probe: few })
      expect(output).toMatch(/of \d+ drawings and photographs of the probe set.*top-1 among \d+ labels/)
      expect(output).toMatch(/text -> class +paper: cover +success +once: cover +success/)
      expect(output).toMatch(/pizza -> pizza +\d\.\d % +\d+\.\d % +\d\.\d % +\d/)
      expect(output).toContain('once, in large letters, is the fair trial')
    },
  )

  test('takes a spread of a large set unless all are asked for', () => {
    const items = Array.from({ length: 832 }, (_, i) => i)
    const some = spread(items, 120)
    expect([some.length, new Set(some).size, some[0]]).toEqual([120, 120, 0])
    expect(some.at(-1)).toBeGreaterThan(820)
    expect(spread(items, Infinity)).toEqual(items)
  })

  test.each([
    [['--pictures', '/nowhere'], "isn't a folder"],
    [['--words', '/nowhere.txt'], 'cannot be read'],
    [['--layout', 'sideways'], 'Allowed choices are paper, once'],
  ])('refuses %j', async (args, reason) => {
    const { status, errors } = await attack(args)
    expect([status, errors.includes(reason)]).toEqual([2, true])
  })
})
