import { readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { lock } from 'proper-lockfile'
import { ownerError } from '../../errors.ts'

/** Names a lock's holder: if that was killed, nobody has to wait until the lock is stale. */
const ownerFile = 'owner.json'
const staleMs = 20_000

interface Owner {
  readonly host: string
  readonly pid: number
}

/**
 * Locks a folder for this process until the returned function is called.
 * @throws UserError 'busy' if another living process holds it
 */
export async function lockFolder(folder: string, busy: string): Promise<() => Promise<void>> {
  const own: Owner = { host: hostname(), pid: process.pid }
  const take = () => lock(folder, { stale: staleMs })
  const release = await take().catch(async (cause: unknown) => {
    if (await isHeld(folder)) throw ownerError('busy', busy, { cause })
    await rmdir(`${folder}.lock`).catch(() => {})
    return take().catch((again: unknown) => {
      throw ownerError('busy', busy, { cause: again })
    })
  })
  await writeFile(join(folder, ownerFile), JSON.stringify(own))
  return async () => {
    await rm(join(folder, ownerFile), { force: true })
    // The folder may be gone already.
    await release().catch(() => {})
  }
}

/** A holder on another machine counts as alive: only the lock's age can show otherwise. */
async function isHeld(folder: string): Promise<boolean> {
  try {
    const { host, pid } = JSON.parse(await readFile(join(folder, ownerFile), 'utf8')) as Owner
    if (host === hostname()) process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
