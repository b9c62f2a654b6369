import { texts } from './driver.ts'
import { mustExist, openDriver } from './open.ts'
import { DamagedRecord, read, storedIn } from './records.ts'
import type { RecordKind } from './store.ts'

/**
 * Tries to read every record of the store at a URL. For kinds that are not given, checks only that it is a record at all.
 * @throws UserError 'bad-settings' if there is no store, or it cannot be opened.
 */
export async function inspect(
  url: string,
  kinds: readonly RecordKind<unknown>[],
): Promise<{ records: number; damaged: DamagedRecord[] }> {
  const byName = new Map(kinds.map((kind) => [kind.name, kind]))
  mustExist(url)
  const driver = await openDriver(url)
  let records = 0
  const damaged: DamagedRecord[] = []
  try {
    for await (const [key, text] of texts(driver)) {
      records++
      const kind = byName.get(key[2]!)
      try {
        if (kind) read(kind, key, text)
        else storedIn(key, text)
      } catch (error) {
        if (!(error instanceof DamagedRecord)) throw error
        damaged.push(error)
      }
    }
  } finally {
    await driver.keyv.disconnect()
  }
  return { records, damaged }
}
