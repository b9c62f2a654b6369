import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { KeyvEntry } from 'keyv'
import { z } from 'zod'
import { ownerError } from '../errors.ts'
import { texts } from './driver.ts'
import { keyOf } from './keys.ts'
import { openDriver } from './open.ts'
import { DamagedRecord, type OnDamaged, storedIn, storedRecord } from './records.ts'

/*
 * A backup is newline-delimited JSON: a header, one line for each record, and a footer that shows that nothing was cut
 * off. It has the records of every community and kind, known or not, as they are in the database.
 */
const headerLine = z.object({
  format: z.literal('neuron-games backup'),
  version: z.number(),
  date: z.iso.datetime(),
})
const recordLine = z.object({ key: z.array(z.string()).min(3), record: storedRecord })
const footerLine = z.object({ records: z.number() })

const formatVersion = 1
/** Records are written in batches of this many, or fewer if they are large (pictures). */
const batchLimit = { records: 100, characters: 4_000_000 }

/**
 * Writes everything in the store at a URL, and ends the stream. The bot may keep running.
 * @param onDamaged told of entries that are not records of any kind; they are left out
 * @returns how many records it wrote.
 */
export async function backup(
  url: string,
  output: Writable,
  onDamaged: OnDamaged = () => {},
): Promise<number> {
  const driver = await openDriver(url)
  let records = 0
  async function* lines(): AsyncGenerator<string> {
    const header = { format: 'neuron-games backup', version: formatVersion, date: new Date().toISOString() }
    yield `${JSON.stringify(header)}\n`
    for await (const [key, text] of texts(driver)) {
      try {
        storedIn(key, text)
      } catch (error) {
        if (!(error instanceof DamagedRecord)) throw error
        onDamaged(error)
        continue // as a line of the backup it would make all of it unreadable
      }
      yield `{"key":${JSON.stringify(key)},"record":${text}}\n`
      records++
    }
    yield `${JSON.stringify({ records })}\n`
  }
  try {
    await pipeline(Readable.from(lines()), output)
  } finally {
    await driver.keyv.disconnect()
  }
  return records
}

/**
 * Reads a backup into the store at a URL, which may be another database than it came from. Records with the same key are
 * replaced, all others stay; records that have expired since are left out.
 * @returns how many records it wrote.
 * @throws UserError 'bad-option' if the stream is not a backup, is damaged or cut off. Restoring again is safe.
 */
export async function restore(url: string, input: Readable): Promise<number> {
  const driver = await openDriver(url)
  let restored = 0
  try {
    for await (const batch of batches(entriesOf(linesOf(input)))) {
      await driver.keyv.setMany(batch)
      restored += batch.length
    }
  } finally {
    await driver.keyv.disconnect()
  }
  return restored
}

async function* entriesOf(lines: AsyncIterable<string>): AsyncGenerator<KeyvEntry> {
  let number = 0
  let records = 0
  let footer: z.infer<typeof footerLine> | undefined
  for await (const line of lines) {
    number++
    if (number === 1) {
      checkHeader(line)
      continue
    }
    const parsed = z.union([recordLine, footerLine]).safeParse(parseJson(line))
    if (!parsed.success || footer)
      throw ownerError(
        'bad-option',
        `Line ${number} of the backup is damaged: only records before it were restored.`,
      )
    if ('records' in parsed.data) {
      footer = parsed.data
      continue
    }
    records++
    const { key, record } = parsed.data
    const value = JSON.stringify(record)
    if (record.expires === undefined) yield { key: keyOf(key), value }
    else if (record.expires > Date.now()) yield { key: keyOf(key), value, ttl: record.expires - Date.now() }
  }
  if (number === 0) checkHeader('')
  if (footer?.records !== records)
    throw ownerError(
      'bad-option',
      `The backup is cut off after line ${number}: only its beginning was restored.`,
    )
}

function checkHeader(line: string): void {
  const header = headerLine.safeParse(parseJson(line))
  if (!header.success) throw ownerError('bad-option', 'This is not a backup of neuron games.')
  if (header.data.version > formatVersion)
    throw ownerError(
      'bad-option',
      'This backup was made by a newer version of neuron games: install that first.',
    )
}

/** Batches of entries; the keys in a batch are distinct. */
async function* batches(entries: AsyncIterable<KeyvEntry>): AsyncGenerator<KeyvEntry[]> {
  let batch = new Map<string, KeyvEntry>()
  let characters = 0
  for await (const entry of entries) {
    batch.set(entry.key, entry)
    characters += (entry.value as string).length
    if (batch.size < batchLimit.records && characters < batchLimit.characters) continue
    yield [...batch.values()]
    batch = new Map()
    characters = 0
  }
  if (batch.size > 0) yield [...batch.values()]
}

/** Not node:readline, whose iterator drops the stream's errors. */
async function* linesOf(input: Readable): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of input.setEncoding('utf8')) {
    const parts = (rest + (chunk as string)).split('\n')
    rest = parts.pop()!
    yield* parts
  }
  if (rest !== '') yield rest
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined // which isn't a line of a backup either
  }
}
