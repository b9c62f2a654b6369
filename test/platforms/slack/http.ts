import type { IncomingMessage, ServerResponse } from 'node:http'

export type Json = Readonly<Record<string, unknown>>

/** Waits until something is true. */
export async function until(what: () => boolean, otherwise: string, withinMs = 600_000): Promise<void> {
  const end = Date.now() + withinMs
  while (!what()) {
    if (Date.now() > end) throw new Error(otherwise)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** The objects under a key, however deep. */
export function valuesOfObject(value: unknown, key: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((each) => valuesOfObject(each, key))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(name === key ? [inner as unknown] : []),
    ...valuesOfObject(inner, key),
  ])
}

export async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** Arguments of a call: a form, in which objects are JSON, or JSON. */
export function argumentsOf(body: Buffer, type: string): Json {
  if (type.includes('application/json')) return JSON.parse(body.toString() || '{}') as Json
  const structured = new Set(['blocks', 'view', 'metadata', 'files'])
  return Object.fromEntries(
    [...new URLSearchParams(body.toString())].map(([key, value]) => [
      key,
      structured.has(key) ? (JSON.parse(value) as unknown) : value,
    ]),
  )
}

export function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
