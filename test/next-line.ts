import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/**
 * What a process says next.
 * @throws Error if it ends instead, say because it could not start, so that nobody keeps waiting for it
 */
export async function nextLine(child: ChildProcess): Promise<string> {
  const stdout = child.stdout!
  const over = new AbortController()
  const { signal } = over
  const said = once(stdout, 'data', { signal }).then(([data]) => String(data).trim())
  const ended = (stdout.destroyed ? Promise.resolve() : once(child, 'close', { signal })).then(() => {
    throw new Error(
      `The process ended (${child.signalCode ?? child.exitCode}) where it was to say something.`,
    )
  })
  return Promise.race([said, ended]).finally(() => over.abort())
}
