import { createHash } from 'node:crypto'

/** A short id for what is made of these parts: the same parts make the same thing, however often they are sent. */
export const hashOf = (...parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex').slice(0, 16)
}
