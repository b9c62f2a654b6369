import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { download } from '../../src/chat/download.ts'

/** Answers at once, or begins to and falls silent. */
const server = createServer((request, response) => {
  response.write('a picture')
  if (request.url === '/whole') response.end()
})
let origin = ''
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  vi.useRealTimers()
  server.closeAllConnections()
  server.close()
})

test('a file is fetched from the platform’s own hosts', async () => {
  expect(Buffer.from(await download(`${origin}/whole`, { origins: [origin] })).toString()).toBe('a picture')
  await expect(download(`${origin}/whole`, { origins: [] })).rejects.toThrow('refused to download')
})

test('a server that falls silent in the middle is given up after ten seconds', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const fetched = download(`${origin}/hangs`, { origins: [origin] }).catch((error: Error) => error.message)
  await once(server, 'request')
  for (let n = 0; n < 12; n += 1) {
    await new Promise((resolve) => setImmediate(resolve))
    vi.advanceTimersByTime(1000)
  }
  expect(await fetched).toContain('could not be fetched')
})
