import { mkdir, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { packFiles } from '../clip/pack-schema.ts'
import { badPack, type PackModels } from '../clip/pack.ts'
import { mustFindTap } from '../clip/tap.ts'
import { textsAtOnce } from '../clip/text-encoder.ts'
import { modelNames } from '../jobs/model-server/names.ts'
import { maxBatch } from '../jobs/thread-model.ts'
import { exposeOutput, type Graph, readGraph, saveGraphs } from '../onnx/index.ts'

/** Two of a bot's batches in one run. */
const picturesAtOnce = 2 * maxBatch
const modelFile = 'model.onnx'
const weightsFile = 'model.weights'

/**
 * Writes a pack's two encoders as a model repository for NVIDIA Triton, with dynamic batching. Models of these names are
 * replaced.
 *
 * @param to the repository's folder, created if it doesn't exist
 * @returns the folders of the two models
 * @throws UserError 'bad-pack' if an encoder takes only a fixed number of pictures or texts
 */
export async function exportTriton(pack: PackModels, to: string): Promise<string[]> {
  const { facts, folder } = pack
  const image = join(folder, packFiles.image)
  const pictures = await readGraph(image, { leaveWeights: true })
  const texts = await readGraph(join(folder, packFiles.text), { leaveWeights: true })
  const tap = mustFindTap(pictures, facts.tap, image)
  const names = modelNames(facts)
  const known = { [tap]: [facts.tap.channels, ...facts.tap.map] }
  return [
    await write(exposeOutput(pictures, tap), join(to, names.pictures), picturesAtOnce, known),
    await write(texts, join(to, names.texts), textsAtOnce, {}),
  ]
}

type Dims = Readonly<Record<string, readonly number[]>>

async function write(graph: Graph, folder: string, atOnce: number, known: Dims): Promise<string> {
  const name = basename(folder)
  const config = configOf(graph, name, atOnce, known)
  await rm(folder, { recursive: true, force: true })
  await mkdir(join(folder, '1'), { recursive: true })
  await saveGraphs({ [modelFile]: graph }, join(folder, '1'), weightsFile)
  await writeFile(join(folder, 'config.pbtxt'), config)
  return folder
}

/** @see https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/user_guide/model_configuration.html */
function configOf({ inputs, outputs }: Graph, name: string, atOnce: number, known: Dims): string {
  const fixed = inputs.find(({ shape }) => typeof shape?.[0] === 'number' && shape[0] > 0)
  if (fixed)
    throw badPack(
      `${name} takes ${fixed.shape![0]} at a time and no batches: make the pack anew with npx neuron-games models import.`,
    )
  return `name: "${name}"
backend: "onnxruntime"
max_batch_size: ${atOnce}
input ${tensors(inputs, known)}
output ${tensors(outputs, known)}
dynamic_batching {
  preferred_batch_size: [4, 8, 16]
  max_queue_delay_microseconds: 2000
  default_queue_policy {
    timeout_action: REJECT
    default_timeout_microseconds: 10000000
    max_queue_size: 256
  }
}
`
}

/** Dimensions without the batch; a dynamic one is -1. */
const tensors = (values: Graph['inputs'], known: Dims): string => {
  const rows = values.map(({ name, type, shape = [] }) => {
    const dims = known[name] ?? shape.slice(1).map((size) => (typeof size === 'number' ? size : -1))
    return `  { name: "${name}" data_type: ${types[type ?? 'float32']} dims: [${dims.join(', ')}] }`
  })
  return `[\n${rows.join(',\n')}\n]`
}

const types: Readonly<Record<string, string>> = {
  uint8: 'TYPE_UINT8',
  int32: 'TYPE_INT32',
  int64: 'TYPE_INT64',
  float32: 'TYPE_FP32',
}
