import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { textWidth } from '../../src/cards/text.ts'
import { projectRoot } from '../../src/root.ts'
import { compiled } from '../compiled.ts'
import { drawSample, fingerprint, installedFonts, missing, samples, type Drawn } from './samples.ts'

const folder = join(projectRoot, 'assets/fonts')
const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())

/** Widths of the stretches of columns that hold ink, from the left. */
function runs({ width, height, rgba }: Drawn): number[] {
  const inked = (x: number): boolean =>
    Array.from({ length: height }, (_, y) => rgba[(y * width + x) * 4]!).some((red) => red < 128)
  const columns = Array.from({ length: width }, (_, x) => (inked(x) ? 'X' : ' ')).join('')
  return columns
    .split(/ +/)
    .filter(Boolean)
    .map((run) => run.length)
}

function colourful({ rgba }: Drawn): number {
  let count = 0
  for (let i = 0; i < rgba.length; i += 4) {
    const [r, g, b] = rgba.subarray(i, i + 3)
    if (Math.max(r!, g!, b!) - Math.min(r!, g!, b!) > 60) count++
  }
  return count
}

const ink = ({ rgba }: Drawn): number =>
  rgba.reduce((sum, value, i) => sum + (i % 4 < 3 ? 255 - value : 0), 0)

describe('the fonts that ship with the project', () => {
  test('take less than 30 MB, and each has its licence beside it', () => {
    const bytes = files.map((file) => statSync(join(file.parentPath, file.name)).size)
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(30e6)
    const fonts = files.filter((file) => /\.[ot]tf$/.test(file.name))
    expect(fonts.length).toBeGreaterThan(10)
    for (const font of fonts) expect(readdirSync(font.parentPath)).toContain('OFL.txt')
  })

  test.each(Object.entries(samples))('draw %s without boxes', (_, text) => {
    expect(missing(text, 'regular')).toEqual([])
    expect(missing(text, 'bold')).toEqual([])
  })

  test('would be caught drawing a box', () => {
    expect(missing('a\u{10FFFE}', 'regular')).toEqual(['\u{10FFFE}'])
  })
})

describe('scripts', () => {
  test('emoji are in colour, letters are not', () => {
    expect(colourful(drawSample('❤️🦋'))).toBeGreaterThan(500)
    expect(colourful(drawSample('spider'))).toBe(0)
  })

  test('Hebrew runs from right to left: a narrow first letter is at the right', () => {
    const [left, right] = runs(drawSample('וש'))
    expect(right!).toBeLessThan(left! / 2)
  })

  test('Arabic runs from right to left and joins its letters', () => {
    const [left, right] = runs(drawSample('ا سسس'))
    expect(right!).toBeLessThan(left! / 4)
    expect(runs(drawSample('سسس'))).toHaveLength(1)
  })

  test('Devanagari makes a conjunct one sign', () => {
    const style = { size: 64 }
    expect(textWidth('क्ष', style)).toBeLessThan(0.9 * (textWidth('क', style) + textWidth('ष', style)))
  })

  test('bold is heavier in every script; only emoji have a single weight', () => {
    const lighter = Object.entries(samples).filter(
      ([, text]) => ink(drawSample(text, 'bold')) <= ink(drawSample(text)),
    )
    expect(lighter.map(([script]) => script)).toEqual(['emoji'])
  })
})

const script = compiled('test/cards/child.ts')

/** The command that hides the machine's fonts, in a namespace of its own; undefined if that is not allowed. */
function withoutFonts(): string[] | undefined {
  if (!existsSync(installedFonts)) return ['env']
  const hide = `mount -t tmpfs none ${installedFonts} && exec "$@"`
  const command = ['unshare', '--mount', '--map-root-user', 'sh', '-c', hide, 'sh']
  try {
    execFileSync(command[0]!, [...command.slice(1), 'true'], { stdio: 'ignore' })
    return command
  } catch {
    return undefined
  }
}

const hiding = withoutFonts()

describe('a machine without fonts', () => {
  test.skipIf(!hiding)(
    `draws the same pixels${hiding ? '' : ' (skipped: namespaces are not allowed here, so the fonts cannot be hidden)'}`,
    () => {
      const [command, ...args] = [...hiding!, process.execPath, script]
      const there: unknown = JSON.parse(execFileSync(command, args, { cwd: projectRoot, encoding: 'utf8' }))
      const here = Object.entries(samples).map(([name, text]) => [
        name,
        { missing: [], fingerprint: fingerprint(drawSample(text)) },
      ])
      expect(there).toEqual({ installed: [], drawn: Object.fromEntries(here) })
    },
  )
})
