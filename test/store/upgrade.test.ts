import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { drafts, entries, results } from '../../commands/fool/records.ts'
import { huntEntry } from '../../commands/hunt/records.ts'
import { scheduleRecord } from '../../commands/spotlight/records.ts'
import { settingsOf } from '../../src/chat/community.ts'
import { recordKinds } from '../../src/kinds.ts'
import { projectRoot } from '../../src/root.ts'
import { inspect } from '../../src/store/inspect.ts'
import { openStore } from '../../src/store/open.ts'
import { schemasFile, schemasNow, type Schemas } from './schemas.ts'

const folder = mkdtempSync(join(tmpdir(), 'store-upgrade-'))
afterAll(() => rmSync(folder, { recursive: true }))

/**
 * A store that earlier code wrote, all of it as version 1: the code of 5b6b166, 05d0b8c and fda4d1d, before a schedule's
 * time, an entry's verdict and a hunt's sigma took another shape, and that of 20cfc0c after all three had.
 */
function kept(): string {
  const file = join(folder, 'kept.db')
  copyFileSync(join(import.meta.dirname, 'fixtures/version-1.db'), file)
  return `sqlite://${file}`
}

test('a store from earlier releases opens with everything in it', async () => {
  const url = kept()
  expect(await inspect(url, recordKinds)).toEqual({ records: 14, damaged: [] })
  const damaged: unknown[] = []
  const store = await openStore(url, (record) => damaged.push(record))
  const scope = { platform: 'discord', community: 'g1' }
  expect((await store.list(scheduleRecord, scope)).map(({ value }) => value.time)).toEqual([
    { hour: 9, minute: 5 },
    { hour: 18, minute: 30 },
  ])
  const fired = (await store.list(huntEntry, scope)).map(({ value }) => value.fired)
  expect(fired).toEqual([
    { asPosted: 9.5, mirrored: 1.5 },
    { asPosted: 8.25, mirrored: 8.25 },
    { asPosted: 7.5, mirrored: 7 },
  ])
  const edited = { kind: 'edited', fools: true, probability: 0.625, ink: 0.03125 }
  const photograph = { kind: 'photograph', fools: true, probability: 0.625 }
  const verdicts = (await store.list(entries, scope)).map(({ value }) => value.verdict)
  expect(verdicts.slice(0, 2)).toEqual([edited, photograph])
  expect(verdicts[2]).toMatchObject({ fools: false, shortfall: 'not-target', ink: 0.0625 })
  expect((await store.list(drafts, scope))[0]!.value.verdict).toEqual(edited)
  const [{ value: result } = { value: undefined }] = await store.list(results, scope)
  expect(result!.edits[0]!.entry.verdict).toEqual(edited)
  expect(result!.photographs[0]!.entry.verdict).toEqual(photograph)
  expect((await settingsOf(store, scope)).language).toBe('de')
  expect(damaged).toEqual([])
  await store.close()
})

test('a schema that changed has a new version, and a way there from every earlier one', () => {
  const known = JSON.parse(readFileSync(schemasFile, 'utf8')) as Schemas
  for (const [name, versions] of Object.entries(schemasNow()))
    for (const [version, schema] of Object.entries(versions)) {
      const why = `${name}, version ${version}: where the schema changed, raise the version and add migrate; then npm run schemas`
      expect({ [why]: known[name]?.[version] }).toEqual({ [why]: schema })
    }
  const missing = recordKinds.flatMap(({ name, version, migrate }) =>
    Array.from({ length: version - 1 }, (_, i) => i + 1)
      .filter((from) => !migrate?.[from])
      .map((from) => `${name} from ${from}`),
  )
  expect(missing).toEqual([])
})

test('no kind of record is missing from the list', () => {
  const declared = ['src', 'commands'].flatMap((root) =>
    readdirSync(join(projectRoot, root), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .flatMap((entry) => {
        const text = readFileSync(join(entry.parentPath, entry.name), 'utf8')
        return [...text.matchAll(/satisfies RecordKind</g)].map(() => entry.name)
      }),
  )
  expect(recordKinds.length).toBe(declared.length)
  expect(new Set(recordKinds.map(({ name }) => name)).size).toBe(recordKinds.length)
})
