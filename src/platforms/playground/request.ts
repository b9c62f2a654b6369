import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { z } from 'zod'
import { UserError } from '../../errors.ts'
import type { Key } from '../../language.ts'
import { maxPictureBytes } from '../../pictures/limits.ts'
import { maxOverlayBytes } from '../../pictures/overlay.ts'
import { Line } from '../../threads/line.ts'
import { shortened, shortenedFileName } from '../../text.ts'
import { translatorOf } from './guard.ts'
import type { Upload } from './upload.ts'

/** All files of one message together; the rest of the message is small. */
export const maxUploadBytes = maxPictureBytes
const maxRestBytes = 64 * 1024
const maxFiles = 10
/** Each file has two parts, itself and its alt text, and the message has one. */
const maxParts = 2 * maxFiles + 1
/** What one person may send in a minute. */
const perMinute = { requests: 120, bytes: 8 * maxPictureBytes }
/** Looks at a drawing while it is being made: the page asks for at most three a second. */
export const sketchesPerMinute = { requests: 200, bytes: 50 * 1024 * 1024 }
/** Requests that are read and held in memory at once; people take turns, and whoever sends far more is refused. */
const atOnce = { atOnce: 4, limit: 1024 }

/** Keeps one person from filling the store, the memory and everybody's page; runs before any of a request is read. */
export function unhurried(
  allowed = perMinute,
): MiddlewareHandler<{ Variables: { person: { readonly id: string } } }> {
  const requests = new RateLimiterMemory({ points: allowed.requests, duration: 60 })
  const bytes = new RateLimiterMemory({ points: allowed.bytes, duration: 60 })
  const line = new Line(atOnce)
  return async (c, next) => {
    const { id } = c.get('person')
    const length = Number(c.req.header('content-length') ?? maxUploadBytes)
    try {
      await requests.consume(id)
      await bytes.consume(id, Math.min(length, maxUploadBytes))
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused
      const seconds = Math.max(1, Math.ceil(refused.msBeforeNext / 1000))
      throw new UserError('too-soon', 'platform.playground.hurried', { values: { seconds } })
    }
    await line.run(next, { requester: { community: id, person: id } })
  }
}

/** Aborts an upload as soon as it exceeds the limit. */
const bounded = (maxBytes: number, key: Key) =>
  bodyLimit({
    maxSize: maxBytes + maxRestBytes,
    // What is still arriving is not read.
    onError: (c) => c.json({ sentence: translatorOf(c)(key) }, 413, { connection: 'close' }),
  })

export const boundedBody = bounded(maxUploadBytes, 'platform.playground.tooLarge')

export const boundedSketch = bounded(maxOverlayBytes, 'platform.playground.drawingTooLarge')

/** Whether Intl knows it: what a browser claims is not used otherwise. */
function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}

const word = z.string().max(200)
const typed = z
  .record(word, z.string().max(2_000))
  .refine((options) => Object.keys(options).length <= 25, 'at most 25 options')
const here = { channel: word, timeZone: z.string().max(60).refine(isTimeZone).optional() }

export const requests = {
  say: z.object({ ...here, text: z.string().max(2_000) }),
  run: z.object({ ...here, path: z.array(word).min(1).max(2), options: typed }),
  menu: z.object({ ...here, name: word, message: word, file: word }),
  press: z.object({
    ...here,
    message: word,
    id: word,
    chosen: z.array(word).max(25).default([]),
    /** What was typed into the form that the button opened. */
    values: typed.optional(),
  }),
  look: z.object({ ...here, message: word, id: word }),
  message: z.object({ ...here, message: word }),
  channel: z.object({ name: z.string().max(200) }),
  me: z.object({ name: z.string().max(200).optional(), moderator: z.boolean().optional() }),
}

/**
 * Reads a body of our page: a form whose part "request" is JSON, parts "file.<option>" are files, "alt.<option>" their alt texts.
 * @throws UserError if it is not of this shape.
 */
export async function readRequest<T>(
  c: Context,
  schema: z.ZodType<T>,
): Promise<{ request: T; uploads: Upload[] }> {
  const form = await formIn(c)
  const parsed = schema.safeParse(jsonIn(form.get('request')))
  if (!parsed.success)
    throw new UserError('bad-option', 'platform.playground.notUnderstood', {
      cause: parsed.error,
    })
  const uploads: Upload[] = []
  for (const [part, value] of form) {
    if (typeof value === 'string' || !part.startsWith('file.')) continue
    const name = shortenedFileName(value.name.replace(/^.*[/\\]/, ''), 100) || 'picture'
    const field = part.slice('file.'.length)
    const alt = form.get(`alt.${field}`)
    const known = typeof alt === 'string' && alt !== '' ? { alt: shortened(alt, 1_000) } : {}
    uploads.push({ field, name, bytes: await value.bytes(), ...known })
  }
  return { request: parsed.data, uploads }
}

/** Thousands of tiny parts would hold up everybody while they are parsed, so they are counted first. */
async function formIn(c: Context): Promise<FormData> {
  const headers = { 'content-type': c.req.header('content-type') ?? '' }
  const boundary = /boundary=(?:"([^"]+)"|([^;]+))/i.exec(headers['content-type'])
  const body = Buffer.from(await c.req.arrayBuffer())
  const mark = `--${boundary?.[1] ?? boundary?.[2] ?? ''}`
  // There is one more boundary than parts: the last one ends the form.
  for (let at = body.indexOf(mark), marks = 1; at >= 0; at = body.indexOf(mark, at + 1), marks++)
    if (marks > maxParts + 1)
      throw new UserError('bad-option', 'platform.playground.tooManyFiles', { values: { most: maxFiles } })
  return new Response(body, { headers }).formData().catch(() => new FormData())
}

function jsonIn(part: unknown): unknown {
  if (typeof part !== 'string' || part.length > maxRestBytes) return undefined
  try {
    return JSON.parse(part)
  } catch {
    return undefined
  }
}
