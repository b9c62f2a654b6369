/** Opens a pack and compares it with what PyTorch computed in float64: `compare.ts PACK EXPECTED`. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { createEncoder } from '../../src/clip/encoder.ts'
import { packFiles } from '../../src/clip/pack-schema.ts'
import { openPackModels } from '../../src/clip/pack.ts'
import { unitRows } from '../../src/clip/session.ts'
import { compare } from '../../src/packs/convert/compare.ts'

const [folder = '', expected = ''] = process.argv.slice(2)
const read = async (name: string): Promise<Uint8Array> =>
  Uint8Array.from(await readFile(join(expected, `${name}.bin`)))
const floats = async (name: string): Promise<Float32Array> =>
  new Float32Array((await read(name)).buffer as ArrayBuffer)
const say = (what: string, figure: string): void => console.log(`${what.padEnd(20)} ${figure}`)
const megabytes = (): number => Math.round(process.resourceUsage().maxRSS / 1000)

const before = performance.now()
const pack = await openPackModels(folder)
const checked = performance.now()
const encoder = await createEncoder(pack, { provider: 'cpu', threads: availableParallelism() })
const opened = performance.now()
say(
  'opening',
  `${Math.round(checked - before)} ms for the files' sha256, ${Math.round(opened - checked)} ms for both models; at most ${megabytes()} MB until here`,
)
const { modelMs } = await encoder.selfTest()
say('one picture', `${Math.round(modelMs)} ms on the CPU; the self-test holds`)

const { facts } = pack
const { side } = facts.picture
const pixels = await read('pictures')
const squares = Array.from({ length: 4 }, (_, n) => {
  const size = 3 * side ** 2
  return { width: side, height: side, data: pixels.slice(n * size, (n + 1) * size) }
})
const encoded = await encoder.encodePictures(squares)
const all = (rows: readonly Float32Array[]) => Float32Array.from(rows.flatMap((row) => [...row]))
const block = /block (\d+) of (\d+)/.exec(facts.tap.layer ?? '')
const tapped = block && block[1] !== block[2] ? 'activations-before-last' : 'activations'
const embeddings = encoded.map(({ embedding }) => embedding)
const apart = Math.max(...embeddings[0]!.map((value, n) => Math.abs(value - embeddings[1]![n]!)))
const { float32 } = JSON.parse(await readFile(join(expected, 'shape.json'), 'utf8')) as {
  float32: Record<string, number>
}
const own = (name: string): string => `PyTorch's own float32 by ${float32[name]!.toExponential(1)}`
say('tap', facts.tap.layer ?? '')
say(
  'activations',
  `off by ${compare(all(encoded.map(({ map }) => map.data)), await floats(tapped)).toExponential(1)}; ${own(tapped === 'activations' ? tapped : 'block -2')}`,
)
say(
  'embeddings',
  `off by ${compare(all(embeddings), await floats('embedding')).toExponential(1)}; ${own('embedding')}; two pictures differ by ${apart.toExponential(1)}`,
)
if (facts.embedding === 'pool') {
  const { shares, rest } = (await encoder.explain(encoded[0]!, [embeddings[1]!]))!
  const cosine = embeddings[0]!.reduce((sum, value, n) => sum + value * embeddings[1]![n]!, 0)
  const sum = shares[0]!.reduce((total, share) => total + share, rest[0]!)
  say('shares', `add up to the likeness of two pictures within ${Math.abs(sum - cosine).toExponential(1)}`)
}
await encoder.close()

if (existsSync(join(expected, 'text.bin'))) {
  const session = await InferenceSession.create(join(folder, packFiles.text), { logSeverityLevel: 3 })
  const tokens = new Int32Array((await read('tokens')).buffer as ArrayBuffer)
  const [input] = session.inputMetadata
  const data = input!.isTensor && input!.type === 'int64' ? BigInt64Array.from(tokens, BigInt) : tokens
  const out = await session.run({ [input!.name]: new Tensor(data as Int32Array, [4, tokens.length / 4]) })
  const rows = unitRows(Object.values(out)[0]!.data as Float32Array, facts.dimensions)
  say('texts', `off by ${compare(all(rows), await floats('text')).toExponential(1)}`)
  await session.release()
}
