import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { commands } from '../../commands/index.ts'
import { projectRoot } from '../../src/root.ts'

const folder = join(projectRoot, 'commands')
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
)
const sourceOf = (file: string): string => readFileSync(join(folder, file), 'utf8')
const sources = files.map(sourceOf)

/** Kinds of records about nobody; whoever adds a kind lists it here or in its command's `personal`. */
const impersonal = [
  'fool-open',
  'guess-question',
  'hunt-done',
  'hunt-end',
  'post',
  'post-claim',
  'season',
  'season-end',
  'spotlight-day',
  'spotlight-pause',
  'spotlight-picture',
  'spotlight-preparing',
  'spotlight-question',
  'spotlight-shown',
]

describe('nothing that a command has to declare is forgotten', () => {
  test('every file with a command is in the list', () => {
    const names = commands.map(({ name }) => name)
    expect(readdirSync(folder).flatMap((file) => /^(\w+)\.ts$/.exec(file)?.[1] ?? [])).toEqual(
      expect.arrayContaining(names),
    )
    const defining = files.filter((file) => sourceOf(file).includes('defineCommand('))
    expect(defining.map((file) => file.replace('.ts', '')).sort()).toEqual([...names].sort())
  })

  test('every kind of record says whether there are people in it', () => {
    const kinds = sources.flatMap((text) =>
      [...text.matchAll(/\bname: '([\w-]+)',\s*version: \d/g)].map((match) => match[1]!),
    )
    const personal = commands.flatMap(({ personal = [] }) => personal.map(({ kind }) => kind))
    expect(kinds.length).toBeGreaterThan(20)
    expect([...new Set(kinds)].sort()).toEqual([...personal, ...impersonal].sort())
  })

  test('every minute task belongs to a command', async () => {
    const modules = await Promise.all(
      files.map((file) => import(pathToFileURL(join(folder, file)).href) as Promise<object>),
    )
    const tasks = modules
      .flatMap<unknown>(Object.values)
      .filter((value) => typeof value === 'object' && value !== null && 'atOnce' in value && 'run' in value)
    expect(tasks.length).toBeGreaterThan(0)
    expect(new Set(tasks)).toEqual(new Set(commands.flatMap(({ everyMinute = [] }) => everyMinute)))
  })

  test('every command that gives points is offered by /scores', () => {
    const names = sources.flatMap((text) => [...text.matchAll(/\bgame: '(\w+)'/g)].map((match) => match[1]))
    expect(new Set(names)).toEqual(new Set(commands.filter(({ scores }) => scores).map(({ name }) => name)))
  })
})
