import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Pack } from '../../../src/clip/pack.ts'
import { createEngine } from '../../../src/jobs/in-process.ts'
import { exportTriton } from '../../../src/packs/export-triton.ts'
import { testEngine } from '../engine.contract.ts'
import { pocketPack } from '../../pocket-pack.ts'
import { noise } from '../noise.ts'
import { kserveIsMissing, startKserve } from './kserve.ts'
import { startStandIn } from './stand-in.ts'

const log = pino({ level: 'silent' })
const repository = mkdtempSync(join(tmpdir(), 'model-repository-'))
let pack: Pack
beforeAll(async () => {
  pack = await pocketPack()
  await exportTriton(pack, repository)
})
afterAll(() => rmSync(repository, { recursive: true }))

const open = (server: string, over = pack, queueLimit = 256) =>
  createEngine({ pack: over, server, provider: 'auto', threads: 2, queueLimit, log })

const servers = [
  { name: 'a stand-in', missing: undefined, start: startStandIn },
  {
    name: 'KServe',
    missing: kserveIsMissing,
    start: (folder: string) => startKserve(folder, ['pocket-pictures', 'pocket-texts']),
  },
]

describe.each(servers)('$name as model server', ({ name, missing, start }) => {
  describe.skipIf(missing)(missing ?? 'over what was exported', () => {
    let server: Awaited<ReturnType<typeof start>>
    beforeAll(async () => {
      server = await start(repository)
    })
    afterAll(() => server.stop())

    testEngine({
      name: `on ${name}`,
      drawsOn: 'cpu',
      shared: ['drawing', 'line'],
      create: (over, { queueLimit }) => open(server.url, over, queueLimit),
    })

    test('a pack with different numbers is refused at the start', async () => {
      const facts = { ...pack.facts, text: { ...pack.facts.text, tokens: 'clip-bpe' as const } }
      await expect(open(server.url, { ...pack, facts })).rejects.toMatchObject({
        code: 'bad-settings',
        message: expect.stringContaining(
          `The model server at ${server.url} does not serve the pack`,
        ) as string,
      })
    })

    test('a pack that it does not have is refused by name', async () => {
      const facts = { ...pack.facts, id: 'other' }
      await expect(open(server.url, { ...pack, facts })).rejects.toThrow(
        /does not serve the pack other \(.*404/,
      )
    })
  })
})

test('a server that goes away in the middle is reported in a sentence', async () => {
  const server = await startStandIn(repository)
  const engine = await open(server.url)
  await expect(engine.analyse(await noise(1))).resolves.toMatchObject({ provider: 'server' })
  await server.stop()
  await expect(engine.ready()).rejects.toMatchObject({ code: 'busy' })
  await expect(engine.analyse(await noise(2))).rejects.toMatchObject({
    code: 'busy',
    message: 'The model server does not answer; please try again in a minute.',
  })
  await engine.close()
})

test('the export tells Triton its tensors and its batches', () => {
  expect(readFileSync(join(repository, 'pocket-pictures', 'config.pbtxt'), 'utf8'))
    .toBe(`name: "pocket-pictures"
backend: "onnxruntime"
max_batch_size: 16
input [
  { name: "image" data_type: TYPE_FP32 dims: [3, 160, 160] }
]
output [
  { name: "activations" data_type: TYPE_FP32 dims: [1024, 7, 7] },
  { name: "embedding" data_type: TYPE_FP32 dims: [1024] },
  { name: "before" data_type: TYPE_FP32 dims: [1024] }
]
dynamic_batching {
  preferred_batch_size: [4, 8, 16]
  max_queue_delay_microseconds: 2000
  default_queue_policy {
    timeout_action: REJECT
    default_timeout_microseconds: 10000000
    max_queue_size: 256
  }
}
`)
})
