import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createEncoder } from '../src/clip/encoder.ts'
import { type Baseline, packFiles } from '../src/clip/pack-schema.ts'
import { openPack, type Pack } from '../src/clip/pack.ts'
import { sealPack } from '../src/clip/seal.ts'
import { type Graph, GraphBuilder, tensor, writeGraph } from '../src/onnx/index.ts'
import { projectRoot } from '../src/root.ts'
import { clipResNet, normals, rn50x4 } from '../test/onnx/clip-resnet.ts'

const pocket = join(projectRoot, 'models', 'pocket')
const channels = 2560

/** Nothing in the graph says how many pictures there are. */
const batched = ({ name, type, shape }: Graph['outputs'][number]) => ({
  name,
  type: type!,
  shape: ['batch', ...shape!.slice(1)],
})

/** RN50x4's trunk with the mean of each unit and, in place of the attention pool, one matrix to the embedding. */
function pictureModel(side: number, dimensions: number): Graph {
  const g = new GraphBuilder(clipResNet(rn50x4, [1, 3, side, side]))
  const mean = (x: string, name: string): string =>
    g.op('Flatten', [g.op('GlobalAveragePool', [x])], {}, name)
  mean('activations', 'before')
  const after = mean(g.op('Relu', ['activations']), 'after')
  const random = normals(2)
  const weights = Float32Array.from({ length: channels * dimensions }, random)
  g.op('MatMul', [after, g.constant(tensor('float32', [channels, dimensions], weights))], {}, 'embedding')
  const graph = g.build(['activations', 'before', 'after', 'embedding'])
  return {
    ...graph,
    inputs: graph.inputs.map(batched),
    outputs: graph.outputs.map(batched),
    values: new Map(),
  }
}

/**
 * Writes a pack with a picture model of RN50x4's shape and random weights, and with the pocket pack's texts: it takes as
 * long as the real one, and means nothing.
 * @param side of the model's square, in pixels
 */
export async function randomPack(folder: string, side = 288): Promise<Pack> {
  const { facts, baseline } = await openPack(pocket)
  await mkdir(folder, { recursive: true })
  for (const name of [packFiles.text, packFiles.tokens, packFiles.vocabulary])
    await symlink(join(pocket, name), join(folder, name))
  const write = (name: string, content: unknown): Promise<void> =>
    writeFile(join(folder, name), JSON.stringify(content))
  const { tensor: _tap, ...tap } = facts.tap
  const random = {
    ...facts,
    id: 'random-rn50x4',
    title: 'Random RN50x4',
    picture: { ...facts.picture, side },
    files: facts.files.filter(({ path }) => path === packFiles.text || path === packFiles.tokens),
    tap: {
      ...tap,
      tensor: 'activations',
      channels,
      map: [side / 32, side / 32] as [number, number],
      means: { before: 'before', after: 'after' },
    },
    embedding: 'read-out' as const,
  }
  const each = (value: number): number[] => Array.from({ length: channels }, () => value)
  const statistics = { mean: each(0), std: each(1), rms: each(1), max: each(1) }
  const { edges } = baseline.histogram
  await write('pack.json', random)
  await write(packFiles.catalogue, { units: [] })
  await write(packFiles.baseline, {
    ...baseline,
    before: statistics,
    after: statistics,
    activeShare: each(1),
    histogram: { edges, counts: each(0).map(() => edges.slice(1).map(() => 0)) },
  } satisfies Baseline)
  await writeFile(join(folder, packFiles.image), writeGraph(pictureModel(side, facts.dimensions)))
  await write(packFiles.selfTest, await selfTest({ folder, facts: random }, side))
  await sealPack(folder, Object.values(packFiles))
  return openPack(folder)
}

async function selfTest(pack: Parameters<typeof createEncoder>[0], side: number) {
  const encoder = await createEncoder(pack, { provider: 'cpu', threads: 2 })
  const rgb = Buffer.alloc(3 * side * side, 90)
  const text = 'a cat'
  const [picture] = await encoder.encodePooled([{ width: side, height: side, data: rgb }])
  const [embedding] = await encoder.encodeTexts([text])
  await encoder.close()
  return {
    rgb: rgb.toString('base64'),
    embedding: [...picture!.embedding],
    text,
    textEmbedding: [...embedding!],
  }
}
