import { type FileHandle, open } from 'node:fs/promises'

/** Rows of numbers in a growing file; an incomplete row, left by a process that was killed, is dropped. */
export class Rows {
  readonly #file: FileHandle
  readonly #columns: number
  #count: number

  private constructor(file: FileHandle, columns: number, count: number) {
    this.#file = file
    this.#columns = columns
    this.#count = count
  }

  static async open(path: string, columns: number): Promise<Rows> {
    const file = await open(path, 'a+')
    const { size } = await file.stat()
    const count = Math.floor(size / (4 * columns))
    await file.truncate(count * 4 * columns)
    return new Rows(file, columns, count)
  }

  get count(): number {
    return this.#count
  }

  /** @param values whole rows once concatenated; pieces may have any size */
  async add(values: readonly Float32Array[]): Promise<void> {
    const bytes = Buffer.concat(values.map((row) => Buffer.from(row.buffer, row.byteOffset, row.byteLength)))
    await this.#file.write(bytes)
    this.#count += bytes.length / 4 / this.#columns
  }

  async read(): Promise<Float32Array[]> {
    const rows: Float32Array[] = []
    for (let row = 0; row < this.#count; row++) {
      const values = new Float32Array(this.#columns)
      await this.#file.read(new Uint8Array(values.buffer), 0, values.byteLength, row * values.byteLength)
      rows.push(values)
    }
    return rows
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}
