import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from 'vitest'
import { ModelServer } from '../../../src/jobs/model-server/client.ts'
import { headLengthHeader } from '../../../src/jobs/model-server/tensors.ts'

const servers: Server[] = []
afterEach(async () => {
  await Promise.all(
    servers.splice(0).map((server) => {
      server.closeAllConnections()
      return new Promise((done) => server.close(done))
    }),
  )
})

async function serve(listener: RequestListener): Promise<ModelServer> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return new ModelServer(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
}

const picture = { name: 'image', datatype: 'UINT8', shape: [1, 2], data: Uint8Array.of(8, 9) } as const

type Exchange = Parameters<RequestListener>

const refuse = ([, response]: Exchange): void => {
  response.statusCode = 400
  response.end('unexpected shape')
}

/** A server that doubles every byte, with or without the extension, once it is through its faults. */
function doubling({ binary = true }, faults: ((exchange: Exchange) => void)[] = []) {
  const seen: string[] = []
  const listener: RequestListener = (request, response) => {
    seen.push(request.headers[headLengthHeader] ? 'bytes' : 'JSON')
    const fault = faults.shift()
    if (fault) fault([request, response])
    else if (!binary && request.headers[headLengthHeader]) refuse([request, response])
    else void buffer(request).then((body) => double(body, [request, response]))
  }
  return { listener, seen }
}

function double(body: Buffer, [request, response]: Exchange): void {
  const length = request.headers[headLengthHeader]
  const values = length
    ? [...body.subarray(Number(length))]
    : (JSON.parse(body.toString()) as { inputs: { data: number[] }[] }).inputs[0]!.data
  const data = values.map((value) => value * 2)
  const output = { name: 'out', datatype: 'UINT8', shape: [1, data.length] }
  if (!length) {
    response.end(JSON.stringify({ outputs: [{ ...output, data }] }))
    return
  }
  const json = JSON.stringify({ outputs: [{ ...output, parameters: { binary_data_size: data.length } }] })
  response.setHeader(headLengthHeader, Buffer.byteLength(json))
  response.end(Buffer.concat([Buffer.from(json), Buffer.from(data)]))
}

const run = (server: ModelServer) => server.infer('clip', [picture], ['out'])

describe('a run', () => {
  test('goes out and comes back in bytes', async () => {
    const { listener, seen } = doubling({})
    const outputs = await run(await serve(listener))
    expect(outputs.get('out')).toMatchObject({ shape: [1, 2], data: Uint8Array.of(16, 18) })
    expect(seen).toEqual(['bytes'])
  })

  test('goes out and comes back in JSON if the server takes no bytes, which is asked once', async () => {
    const { listener, seen } = doubling({ binary: false })
    const server = await serve(listener)
    for (const outputs of [await run(server), await run(server)])
      expect(outputs.get('out')).toMatchObject({ shape: [1, 2], data: Uint8Array.of(16, 18) })
    expect(seen).toEqual(['bytes', 'JSON', 'JSON'])
  })

  test('is tried again if the connection breaks, or the server is overloaded', async () => {
    const { listener } = doubling({}, [
      ([request]) => request.socket.destroy(),
      ([, response]) => {
        response.statusCode = 503
        response.end()
      },
    ])
    expect((await run(await serve(listener))).get('out')?.data).toEqual(Uint8Array.of(16, 18))
  })

  test('against a server that stays overloaded ends in one sentence, with what the server said as its cause', async () => {
    const overloaded = ([, response]: Exchange) => {
      response.statusCode = 503
      response.end('queue is full')
    }
    const { listener } = doubling({}, Array(9).fill(overloaded))
    await expect(run(await serve(listener))).rejects.toMatchObject({
      code: 'busy',
      message: 'The model server does not answer; please try again in a minute.',
      cause: { message: expect.stringContaining('503') as string },
    })
  })

  test('that the server refuses in both forms is not tried again', async () => {
    const { listener, seen } = doubling({}, Array(9).fill(refuse))
    await expect(run(await serve(listener))).rejects.toMatchObject({
      name: 'Refused',
      message: expect.stringContaining('unexpected shape') as string,
    })
    expect(seen).toEqual(['bytes', 'JSON'])
  })
})

test('a server that is not there is reported in a sentence', async () => {
  const server = new ModelServer('http://127.0.0.1:9')
  await expect(server.mustHold('clip')).rejects.toMatchObject({ code: 'busy' })
  await expect(run(server)).rejects.toMatchObject({ code: 'busy' })
})

test('a model that is not there is refused by its name', async () => {
  const server = await serve((_, response) => void response.writeHead(404).end('no such model'))
  await expect(server.mustHold('clip')).rejects.toThrow(
    'the model server answered 404 to v2/models/clip/ready: no such model',
  )
})
