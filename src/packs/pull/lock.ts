import { readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { lock } from 'proper-lockfile'
import { UserError, type Sentence } from '../../errors.ts'

/** Who holds a lock, so that one whose holder was killed need not grow old first. */
const OWNER = 'owner.json'
const STALE_MS = 20_000

interface Owner {
  readonly host: string
  readonly pid: number
}

/**
 * Keeps a folder to this process until the returned function is called.
 * @throws UserError 'busy' while another process that lives has it
 */
export async function lockFolder(folder: string, busy: Sentence): Promise<() => Promise<void>> {
  const own: Owner = { host: hostname(), pid: process.pid }
  const take = () => lock(folder, { stale: STALE_MS })
  const release = await take().catch(async (cause: unknown) => {
    if (await isHeld(folder)) throw new UserError('busy', busy, { cause })
    await rmdir(`${folder}.lock`).catch(() => {})
    return take().catch((again: unknown) => {
      throw new UserError('busy', busy, { cause: again })
    })
  })
  await writeFile(join(folder, OWNER), JSON.stringify(own))
  return async () => {
    await rm(join(folder, OWNER), { force: true })
    // The folder may be gone already.
    await release().catch(() => {})
  }
}

/** On another machine nobody can tell: the lock's age decides. */
async function isHeld(folder: string): Promise<boolean> {
  try {
    const { host, pid } = JSON.parse(await readFile(join(folder, OWNER), 'utf8')) as Owner
    if (host === hostname()) process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
