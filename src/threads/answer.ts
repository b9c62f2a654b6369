import { inspect } from 'node:util'
import { move, transferableSymbol, valueSymbol } from 'piscina'
import { UserError, type PackedError } from '../errors.ts'

/** What a job on a thread comes back with. Faults are values: a promise that rejects means that the thread died. */
export type Answer<T> =
  | { readonly value: T }
  | { readonly fault: { readonly message: string; readonly theirs?: PackedError; readonly detail: string } }

/** A value whose buffers or ports cross to another thread instead of being copied; nobody here may use them again. */
export const handOver = <T extends object>(value: T, transfer: readonly object[]): T =>
  move({ [transferableSymbol]: transfer, [valueSymbol]: value }) as unknown as T

/**
 * Does a job on a thread and packs what comes of it, in a form that survives the way to another thread.
 * @param buffers of the value that are handed over instead of being copied
 */
export async function answer<T>(
  job: () => T | Promise<T>,
  buffers: (value: T) => readonly ArrayBufferLike[] = () => [],
): Promise<Answer<T>> {
  try {
    const value = await job()
    return handOver({ value }, buffers(value))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const theirs = error instanceof UserError ? { theirs: error.pack() } : {}
    return { fault: { message, ...theirs, detail: inspect(error) } }
  }
}

/** The other end of the way: the value, or the fault thrown. */
export function unpack<T>(packed: Answer<T>): T {
  if ('value' in packed) return packed.value
  const { message, theirs, detail } = packed.fault
  const options = { cause: detail }
  throw theirs ? UserError.unpack(theirs, options) : new Error(message, options)
}

/** Pixels in a buffer of their own, which can be handed to another thread: sharp's cannot. */
export const ownBytes = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes)

/** Vectors of one length, laid row after row into one array: it crosses to another thread in one piece. */
export function joinRows(rows: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const columns = rows[0]?.length ?? 0
  const joined = new Float32Array(rows.length * columns)
  for (const [i, row] of rows.entries()) joined.set(row, i * columns)
  return joined
}

/** The rows again, as views. */
export const rowsOf = (joined: Float32Array, columns: number): Float32Array[] =>
  Array.from({ length: joined.length / columns }, (_, row) =>
    joined.subarray(row * columns, (row + 1) * columns),
  )
