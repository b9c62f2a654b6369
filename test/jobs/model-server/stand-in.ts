import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { headLengthHeader } from '../../../src/jobs/model-server/tensors.ts'

const arrays = { FP32: Float32Array, INT64: BigInt64Array }
const types = { FP32: 'float32', INT64: 'int64' } as const

interface Head {
  readonly inputs: {
    readonly name: string
    readonly datatype: keyof typeof arrays
    readonly shape: number[]
    readonly parameters: { readonly binary_data_size: number }
  }[]
  readonly outputs: { readonly name: string }[]
}

/** A server of the Open Inference Protocol over a model repository with one input per model, in bytes only. */
export async function startStandIn(repository: string) {
  const sessions = new Map<string, Promise<InferenceSession>>()
  const sessionOf = (name: string): Promise<InferenceSession> => {
    const session =
      sessions.get(name) ??
      InferenceSession.create(join(repository, name, '1', 'model.onnx'), { intraOpNumThreads: 1 })
    sessions.set(name, session)
    return session
  }

  async function infer(name: string, body: Buffer, headLength: number) {
    const { inputs, outputs } = JSON.parse(body.subarray(0, headLength).toString()) as Head
    const [{ name: input, datatype, shape }] = inputs as [Head['inputs'][0]]
    const bytes = new Uint8Array(body.subarray(headLength))
    const feed = new Tensor(types[datatype], new arrays[datatype](bytes.buffer) as Float32Array, shape)
    const wanted = outputs.map((output) => output.name)
    const found = await (await sessionOf(name)).run({ [input]: feed }, wanted)
    const tensors = wanted.map((output) =>
      Buffer.from(new Uint8Array((found[output]!.data as Float32Array).buffer)),
    )
    const head = JSON.stringify({
      model_name: name,
      outputs: wanted.map((output, i) => ({
        name: output,
        datatype: 'FP32',
        shape: found[output]!.dims,
        parameters: { binary_data_size: tensors[i]!.length },
      })),
    })
    return { head, body: Buffer.concat([Buffer.from(head), ...tensors]) }
  }

  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const [, name = '', action] = /^\/v2\/models\/([\w-]+)\/(ready|infer)$/.exec(request.url!) ?? []
      const sent = await buffer(request)
      const ran = action === 'infer' && (await infer(name, sent, Number(request.headers[headLengthHeader])))
      if (ran) response.setHeader(headLengthHeader, Buffer.byteLength(ran.head))
      else await sessionOf(name)
      response.end(ran ? ran.body : '')
    }
    answer().catch((error: unknown) => response.writeHead(404).end(String(error)))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      for (const opened of await Promise.allSettled(sessions.values()))
        if (opened.status === 'fulfilled') await opened.value.release()
    },
  }
}
