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
