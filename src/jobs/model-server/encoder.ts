import { join } from 'node:path'
import { Tensor } from 'onnxruntime-node'
import { type Encoder, encoderOver } from '../../clip/encoder.ts'
import { packFiles } from '../../clip/pack-schema.ts'
import type { PackModels } from '../../clip/pack.ts'
import type { Runner } from '../../clip/session.ts'
import { mustFindTap } from '../../clip/tap.ts'
import { ownerError, UserError } from '../../errors.ts'
import { type Graph, readGraph } from '../../onnx/index.ts'
import { ModelServer } from './client.ts'
import { modelNames } from './names.ts'
import type { DataType, ServerTensor, TensorData } from './tensors.ts'

/** The protocol's words for the types that CLIP's encoders take. */
const datatypes: Partial<Record<Tensor.Type, DataType>> = {
  uint8: 'UINT8',
  int32: 'INT32',
  int64: 'INT64',
  float32: 'FP32',
}

/**
 * A pack's encoder whose models run on a server with what `models export triton` wrote from the same pack.
 * @param url of the server
 * @throws UserError 'bad-settings' if the server is unreachable, does not hold the models, or gives different numbers.
 */
export async function connectEncoder(
  pack: PackModels,
  url: string,
  threads: number,
): Promise<{ readonly encoder: Encoder; readonly modelMs: number }> {
  try {
    const server = new ModelServer(url)
    const names = modelNames(pack.facts)
    const [pictures, texts] = [await graphOf(pack, packFiles.image), await graphOf(pack, packFiles.text)]
    for (const name of Object.values(names)) await server.mustHold(name)
    const tap = mustFindTap(pictures, pack.facts.tap, join(pack.folder, packFiles.image))
    const encoder = await encoderOver(
      pack,
      {
        pictures: { session: remote(server, names.pictures, pictures), tap },
        texts: remote(server, names.texts, texts),
      },
      { provider: 'server', threads },
    )
    return { encoder, ...(await encoder.selfTest()) }
  } catch (cause) {
    throw ownerError(
      'bad-settings',
      `The model server at ${url} does not serve the pack ${pack.facts.id} (${reasonOf(cause as Error)}): check MODEL_SERVER, or write its models anew with npx neuron-games models export triton.`,
      { cause },
    )
  }
}

/** The reason in a few words: without the advice after the colon, or if the server is silent, the network's error. */
function reasonOf(error: Error): string {
  const { message } = error instanceof UserError && error.cause instanceof Error ? error.cause : error
  return message.split(': ')[0]!
}

const graphOf = (pack: PackModels, file: string): Promise<Graph> =>
  readGraph(join(pack.folder, file), { leaveWeights: true })

const described = ({ name, type = 'float32', shape = [] }: Graph['inputs'][number]) =>
  ({ name, isTensor: true, type: type as Tensor.Type, shape }) as const

/** Inputs and outputs are read from the pack's own file, because KServe's metadata may not list any. */
function remote(server: ModelServer, name: string, { inputs, outputs }: Graph): Runner {
  return {
    inputMetadata: inputs.map(described),
    outputMetadata: outputs.map(described),
    async run(feeds, wanted) {
      const given = Object.entries(feeds).map(([input, { type, dims, data }]): ServerTensor => ({
        name: input,
        datatype: datatypes[type]!,
        shape: dims,
        data: data as TensorData,
      }))
      const found = await server.infer(name, given, wanted)
      return Object.fromEntries(
        wanted.map((output) => {
          const tensor = found.get(output)
          if (tensor?.datatype !== 'FP32') throw new Error(`${name} gives no numbers at "${output}"`)
          return [output, new Tensor('float32', tensor.data as Float32Array, [...tensor.shape])]
        }),
      )
    },
    release: async () => {},
  }
}
