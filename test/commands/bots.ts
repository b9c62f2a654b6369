import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serialize } from 'node:v8'
import { commands } from '../../commands/index.ts'
import type { Store } from '../../src/store/store.ts'
import { pocketPack } from '../pocket-pack.ts'
import { compiled } from '../compiled.ts'
import { lend } from './borrowed.ts'
import { openTable, type Table } from './harness.ts'
import { blankGallery } from './play.ts'

/** What starts bots in processes of their own, child.ts, which borrow this process's engine and cards. */
export interface Bots {
  /** For files; deleted at the end. */
  readonly folder: string
  /** @param argument what the mode wants, see child.ts */
  start(mode: 'step' | 'close' | 'all', url: string, argument: string): ChildProcess
  /** A table in this process on that store. */
  tableOn(store: Store): Promise<Table>
  close(): Promise<void>
}

export async function openBots(): Promise<Bots> {
  const folder = mkdtempSync(join(tmpdir(), 'bots-'))
  const file = compiled('test/commands/child.ts')
  await writeFile(join(folder, 'pack'), serialize(await pocketPack()))
  const lender = await openTable(commands)
  const running = new Set<ChildProcess>()
  let started = 0
  return {
    folder,
    start(mode, url, argument) {
      const child = spawn(process.execPath, [file, mode, folder, url, String((started += 1)), argument], {
        stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
        serialization: 'advanced',
      })
      running.add(child)
      child.once('close', () => running.delete(child))
      lend(child, lender.services)
      return child
    },
    tableOn: (store) => openTable(commands, { gallery: blankGallery, store }),
    async close() {
      for (const child of running) child.kill('SIGKILL')
      await lender.close()
      rmSync(folder, { recursive: true })
    },
  }
}
