import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Metrics } from '../../src/metrics/metrics.ts'
import { serveMetrics, type Check, type MetricsServer } from '../../src/metrics/serve.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'

const note = { name: 'note', version: 1, schema: z.string() }
const place = { platform: 'discord', community: 'guild-90017' }

let server: MetricsServer
let store: Store
let metrics: Metrics
const parts = { model: true, hangs: false }

beforeEach(async () => {
  parts.model = true
  parts.hangs = false
  metrics = new Metrics({
    queue: () => ({ waiting: 3, running: 1 }),
    shards: () => ['ready', 'connecting', 'ready'],
  })
  store = metrics.timed(await openStore('sqlite::memory:'))
  const checks: Check[] = [
    { name: 'store', ready: async () => Array.isArray(await store.scopes()) },
    { name: 'model', ready: () => (parts.hangs ? new Promise(() => {}) : Promise.resolve(parts.model)) },
  ]
  server = await serveMetrics(metrics, checks, { host: '127.0.0.1', port: 0 })
})
afterEach(async () => {
  await server.stop()
  await store.close()
})

const read = async (): Promise<string> => (await fetch(`${server.url}/metrics`)).text()

describe('/metrics', () => {
  test('counts commands by name, platform and outcome', async () => {
    metrics.commandEnded({ command: 'neurons', platform: 'slack', outcome: 'answered', seconds: 0.2 })
    metrics.commandEnded({ command: 'neurons', platform: 'slack', outcome: 'refused', seconds: 0.02 })
    const text = await read()
    const labels = 'command="neurons",platform="slack"'
    expect(text).toContain(`neuron_games_command_seconds_count{${labels},outcome="answered"} 1`)
    expect(text).toContain(`neuron_games_command_seconds_bucket{le="0.1",${labels},outcome="refused"} 1`)
  })

  test('shows what is waiting, how long a run takes, and how late the event loop is', async () => {
    metrics.waited(0.5)
    metrics.modelRan({ provider: 'cpu', batch: 8, seconds: 0.016 })
    const text = await read()
    expect(text).toContain('neuron_games_queue_depth{state="waiting"} 3')
    expect(text).toContain('neuron_games_queue_wait_seconds_sum 0.5')
    expect(text).toContain('neuron_games_shards{state="ready"} 2')
    expect(text).toContain('neuron_games_shards{state="connecting"} 1')
    expect(text).toContain('neuron_games_model_run_seconds_sum{provider="cpu",batch="8"} 0.016')
    expect(text).toMatch(/neuron_games_nodejs_eventloop_lag_seconds [\d.e-]+/)
  })

  test('times the store, which works as before, and names no community and no person', async () => {
    await store.set(note, place, ['user-4711'], 'hello')
    expect(await store.get(note, place, ['user-4711'])).toBe('hello')
    expect(await store.list(note, place)).toEqual([{ id: ['user-4711'], value: 'hello' }])
    const text = await read()
    expect(text).toContain('neuron_games_store_seconds_count{operation="get"} 1')
    expect(text).not.toMatch(/4711|90017|hello/)
  })

  test('counts a call that fails', async () => {
    await expect(store.set(note, place, ['a'], 7 as never)).rejects.toThrow('note')
    expect(await read()).toContain('neuron_games_store_errors_total{operation="set"} 1')
  })
})

describe('/health', () => {
  const ready = async () => {
    const answer = await fetch(`${server.url}/health/ready`)
    return [answer.status, await answer.json()]
  }

  test('is live as long as the process answers', async () => {
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200)
  })

  test('is ready when every part serves', async () => {
    expect(await ready()).toEqual([200, { ready: true, missing: [] }])
  })

  test('names the part that does not, even one that never answers', async () => {
    parts.model = false
    expect(await ready()).toEqual([503, { ready: false, missing: ['model'] }])
    parts.hangs = true
    expect(await ready()).toEqual([503, { ready: false, missing: ['model'] }])
  })
})

test('a port that is taken is reported in one sentence', async () => {
  const port = Number(new URL(server.url).port)
  await expect(serveMetrics(metrics, [], { host: '127.0.0.1', port })).rejects.toMatchObject({
    code: 'bad-settings',
    message: expect.stringContaining('METRICS_PORT') as string,
  })
})
