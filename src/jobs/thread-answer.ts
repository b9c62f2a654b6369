import { inspect } from 'node:util'
import { move, transferableSymbol, valueSymbol } from 'piscina'
import { UserError, type UserErrorCode } from '../errors.ts'

/** What a job on a thread comes back with. Faults are values: a promise that rejects means that the thread died. */
export type Answer<T> =
  | { readonly value: T }
  | { readonly fault: { readonly message: string; readonly code?: UserErrorCode; readonly detail: string } }

/**
 * Does a job on a thread and packs what comes of it, in a form that survives the way to another thread.
 * @param buffers of the value that are handed over instead of being copied; nobody here may use them again.
 */
export async function answer<T>(
  job: () => Promise<T>,
  buffers: (value: T) => readonly ArrayBufferLike[],
): Promise<Answer<T>> {
  try {
    const value = await job()
    const packed = { [transferableSymbol]: buffers(value), [valueSymbol]: { value } }
    return move(packed) as unknown as Answer<T>
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const code = error instanceof UserError ? { code: error.code } : {}
    return { fault: { message, ...code, detail: inspect(error) } }
  }
}

/** The other end of the way: the value, or the fault thrown. */
export function unpack<T>(packed: Answer<T>): T {
  if ('value' in packed) return packed.value
  const { message, code, detail } = packed.fault
  const options = { cause: detail }
  throw code ? new UserError(code, message, options) : new Error(message, options)
}

/** Pixels in a buffer of their own, which can be handed to another thread: sharp's cannot. */
export const ownBytes = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes)
