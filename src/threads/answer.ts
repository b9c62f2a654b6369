import { inspect } from 'node:util'
import { move, transferableSymbol, valueSymbol } from 'piscina'
import { UserError, type PackedError } from '../errors.ts'

/** A thread's answer to a job. Errors are values, because a rejected promise means that the thread died. */
export type Answer<T> =
  | { readonly value: T }
  | { readonly fault: { readonly message: string; readonly theirs?: PackedError; readonly detail: string } }

/** Transfers a value's buffers or ports to another thread instead of copying them; don't use them here afterwards. */
export const handOver = <T extends object>(value: T, transfer: readonly object[]): T =>
  move({ [transferableSymbol]: transfer, [valueSymbol]: value }) as unknown as T

/**
 * Does a job on a thread and packs its result, or what it threw, in a form that survives the trip to another thread.
 * @param buffers of the value that are transferred instead of copied
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

/** The other end of `answer`: returns the value, or throws the fault. */
export function unpack<T>(packed: Answer<T>): T {
  if ('value' in packed) return packed.value
  const { message, theirs, detail } = packed.fault
  const options = { cause: detail }
  throw theirs ? UserError.unpack(theirs, options) : new Error(message, options)
}

/** A copy in a buffer of its own, which can be transferred to another thread; sharp's buffers can't. */
export const ownBytes = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes)

/** Vectors of the same length as one row-major array, which crosses to another thread in one piece. */
export function joinRows(rows: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  return copyRows(rows, new Float32Array(sizeOf(rows)))
}

/** The same in memory that all threads read: it is never copied again. Nobody may write to it. */
export function shareRows(rows: readonly Float32Array[]): Float32Array<SharedArrayBuffer> {
  const bytes = sizeOf(rows) * Float32Array.BYTES_PER_ELEMENT
  return copyRows(rows, new Float32Array(new SharedArrayBuffer(bytes)))
}

const sizeOf = (rows: readonly Float32Array[]): number => rows.length * (rows[0]?.length ?? 0)

function copyRows<T extends Float32Array>(rows: readonly Float32Array[], into: T): T {
  for (const [i, row] of rows.entries()) into.set(row, i * row.length)
  return into
}

/** The inverse of joinRows; the rows are views. */
export const rowsOf = (joined: Float32Array, columns: number): Float32Array[] =>
  Array.from({ length: joined.length / columns }, (_, row) =>
    joined.subarray(row * columns, (row + 1) * columns),
  )
