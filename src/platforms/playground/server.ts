import { join } from 'node:path'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono, type Context } from 'hono'
import { etag } from 'hono/etag'
import { UserError } from '../../errors.ts'
import { api, type ApiSetup } from './api.ts'
import { documentsOf, i18next } from './document.ts'
import type { Files } from './files.ts'
import { mimeTypeOf } from './upload.ts'
import { headers, onlyHost, sameOrigin, statusOf, translatorOf } from './guard.ts'

const shownInline = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'])

export interface ServerSetup extends ApiSetup {
  readonly host: string
  readonly publicUrl: URL | undefined
  /** The folder assets/. */
  readonly assets: string
}

/** The page, its files and its API. */
export function createServer(setup: ServerSetup): Hono {
  const app = new Hono()
  const { host, publicUrl } = setup
  const names = publicUrl ? [host, publicUrl.hostname] : [host]
  app.use(headers, onlyHost(names), sameOrigin(publicUrl?.origin))
  app.onError((error, c) => {
    if (error instanceof UserError) return c.json({ sentence: error.in(translatorOf(c)) }, statusOf(error))
    setup.log.error({ err: error, path: c.req.path }, 'a request to the playground failed')
    return c.json({ sentence: translatorOf(c)('platform.playground.fault') }, 500)
  })
  app.route('/api', api(setup))
  app.get('/files/:id', (c) => sendFile(c, setup.files))
  app.get('/samples/:name', async (c) => {
    const bytes = await setup.samples.read(c.req.param('name'))
    return bytes ? c.body(new Uint8Array(bytes), 200, { 'content-type': mimeTypeOf(bytes) }) : c.notFound()
  })
  app.use(
    '/fonts/*',
    serveStatic({ root: setup.assets, onFound: (_path, c) => c.header('cache-control', 'max-age=86400') }),
  )
  const page = join(setup.assets, 'playground')
  const documents = documentsOf(join(page, 'index.html'))
  app.use(etag())
  app.on('GET', ['/', '/index.html'], (c) => {
    c.header('cache-control', 'no-cache')
    c.header('vary', 'accept-language')
    return c.html(documents.get(translatorOf(c).language)!)
  })
  app.get('/i18next.js', (c) =>
    c.body(i18next, 200, { 'content-type': 'text/javascript', 'cache-control': 'no-cache' }),
  )
  app.use(serveStatic({ root: page, onFound: (_path, c) => c.header('cache-control', 'no-cache') }))
  return app
}

/** A file with a given id never changes. Anything but a picture is downloaded, and can't run anything when opened. */
async function sendFile(c: Context<object, '/files/:id'>, files: Files): Promise<Response> {
  const file = await files.read(c.req.param('id'))
  if (!file) return c.notFound()
  const inline = shownInline.has(file.mimeType) && c.req.query('download') === undefined
  c.header('content-security-policy', "default-src 'none'; sandbox")
  return c.body(new Uint8Array(file.bytes), 200, {
    'content-type': file.mimeType,
    'cache-control': 'private, max-age=31536000, immutable',
    'content-disposition': `${inline ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(file.name.toWellFormed())}`,
  })
}
