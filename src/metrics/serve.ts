import { once } from 'node:events'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import type { AddressInfo } from 'node:net'
import { ownerError } from '../errors.ts'
import type { Metrics } from './metrics.ts'

/** A part that doesn't answer a readiness check in this time counts as failing. */
const checkWithinMs = 2000

export interface Check {
  /** Name of the part: "store", "model", "discord". */
  readonly name: string
  /** Rejects, or resolves to false, while the part cannot serve. */
  readonly ready: () => Promise<boolean>
}

export interface MetricsServer {
  readonly url: string
  stop(): Promise<void>
}

/**
 * `/metrics` for Prometheus; `/health/live` shows that the event loop answers; `/health/ready` that every part serves,
 * else it answers 503 with the names of those that don't.
 * @throws UserError 'bad-settings' if it cannot listen on that host and port.
 */
export async function serveMetrics(
  metrics: Metrics,
  checks: readonly Check[],
  { host, port }: { readonly host: string; readonly port: number },
): Promise<MetricsServer> {
  const app = new Hono()
  app.get('/metrics', async (c) =>
    c.text(await metrics.registry.metrics(), 200, { 'content-type': metrics.registry.contentType }),
  )
  app.get('/health/live', (c) => c.json({ live: true }))
  app.get('/health/ready', async (c) => {
    const missing = await failing(checks)
    return c.json({ ready: missing.length === 0, missing }, missing.length === 0 ? 200 : 503)
  })
  const server = createAdaptorServer(app)
  server.listen(port, host)
  await once(server, 'listening').catch((cause: Error) => {
    throw ownerError(
      'bad-settings',
      `Metrics cannot be served at ${host}:${port} (${cause.message}): correct METRICS_PORT or METRICS_HOST.`,
      { cause },
    )
  })
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise((done) => server.close(() => done())),
  }
}

async function failing(checks: readonly Check[]): Promise<string[]> {
  const results = await Promise.all(
    checks.map(async ({ name, ready }) => {
      const timeout = new Promise<boolean>((done) => setTimeout(() => done(false), checkWithinMs).unref())
      const serves = await Promise.race([ready().catch(() => false), timeout])
      return serves ? [] : [name]
    }),
  )
  return results.flat()
}
