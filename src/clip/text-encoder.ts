import { join } from 'node:path'
import { Tensor } from 'onnxruntime-node'
import { packFiles } from './pack-schema.ts'
import { badPack, type PackModels } from './pack.ts'
import { findEmbedding, inputOf, type Runner, unitRows } from './session.ts'
import { openTokens } from './tokens.ts'

/** Larger batches would only take more memory. */
export const textsAtOnce = 64
const paddingToken = 0

export type TextEncoder = Awaited<ReturnType<typeof openTextEncoder>>

/** The model's input is declared as int32 or int64, [N or a fixed number, T or the context's length]. */
export async function openTextEncoder(pack: PackModels, session: Runner) {
  const { dimensions, text } = pack.facts
  const file = join(pack.folder, packFiles.text)
  const tokenize = await openTokens(pack.folder, text)
  const { name, type, shape } = inputOf(session)
  const [batch, length] = shape
  const fixedLength = typeof length === 'number' && length > 0
  if (
    shape.length !== 2 ||
    (type !== 'int32' && type !== 'int64') ||
    (fixedLength && length !== text.contextLength)
  ) {
    throw badPack(
      `${file} takes ${type} [${shape.join(', ')}] and not ${text.contextLength} tokens: correct "text" in pack.json.`,
    )
  }
  const embedding = findEmbedding(session, dimensions, file)
  const atOnce = typeof batch === 'number' && batch > 0 ? batch : textsAtOnce

  async function run(texts: readonly string[]): Promise<Float32Array[]> {
    const tokens = texts.map(tokenize)
    const columns = fixedLength ? length : Math.max(...tokens.map((row) => row.length))
    const padded = new Int32Array(texts.length * columns).fill(paddingToken)
    for (const [i, row] of tokens.entries()) padded.set(row, i * columns)
    const data = type === 'int32' ? padded : BigInt64Array.from(padded, BigInt)
    const outputs = await session.run({ [name]: new Tensor(type, data, [texts.length, columns]) }, [
      embedding,
    ])
    return unitRows(outputs[embedding]!.data as Float32Array, dimensions)
  }

  return {
    async encode(texts: readonly string[]): Promise<Float32Array[]> {
      const encoded: Float32Array[] = []
      for (let at = 0; at < texts.length; at += atOnce) {
        encoded.push(...(await run(texts.slice(at, at + atOnce))))
      }
      return encoded
    },
    close: () => session.release(),
  }
}
