import { join } from 'node:path'
import { Tensor } from 'onnxruntime-node'
import { reasonsFile } from './pack-schema.ts'
import type { PackModels } from './pack.ts'
import type { ActivationMap } from './picture-encoder.ts'
import { loadSession } from './session.ts'

/** Texts in one run. Each takes heads x units numbers twice: with 256 of them, RN50x64's would be 0.5 GB. */
const textsAtOnce = 32

/**
 * How a picture's similarity to texts comes about (attribution). For each text, its shares and its rest sum to the
 * similarity exactly.
 */
export interface Reasons {
  /** What each unit adds, [units] for each text. */
  readonly shares: readonly Float32Array[]
  /** What the pool's positional embeddings and biases add, whatever is in the picture; one number for each text. */
  readonly rest: Float32Array
}

export type PoolReasons = Awaited<ReturnType<typeof openReasons>>

/** Opens the graph that attributes an attention pool's output. It runs on the CPU: one picture at a time, only on demand. */
export async function openReasons({ folder, facts }: PackModels, threads: number) {
  const file = join(folder, reasonsFile)
  const session = await loadSession(file, file, { provider: 'cpu', threads })
  const { channels, map: size } = facts.tap

  return {
    /** @param texts L2-normalised */
    async explain(
      map: ActivationMap,
      attention: Float32Array,
      texts: readonly Float32Array[],
    ): Promise<Reasons> {
      const places = size[0] * size[1] + 1
      const feeds = {
        map: new Tensor(map.data, [1, channels, ...size]),
        attention: new Tensor(attention, [1, attention.length / places, places]),
      }
      const shares: Float32Array[] = []
      const rest: number[] = []
      for (let at = 0; at < texts.length; at += textsAtOnce) {
        const some = texts.slice(at, at + textsAtOnce)
        const rows = new Float32Array(some.length * facts.dimensions)
        for (const [n, text] of some.entries()) rows.set(text, n * facts.dimensions)
        const out = await session.run({ ...feeds, texts: new Tensor(rows, [some.length, facts.dimensions]) })
        const all = out['shares']!.data as Float32Array
        for (const n of some.keys()) shares.push(all.slice(n * channels, (n + 1) * channels))
        rest.push(...(out['rest']!.data as Float32Array))
      }
      return { shares, rest: Float32Array.from(rest) }
    },
    close: () => session.release(),
  }
}
