import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'
import { UserError } from '../../errors.ts'
import { shortened, shortenedFileName } from '../../text.ts'
import type { Upload } from './conversation.ts'

/** All files of one message together (product.md); the rest of the message is small. */
export const maxUploadBytes = 25 * 1024 * 1024
const maxRestBytes = 64 * 1024

/** Ends an upload as soon as it is over the limit. */
export const boundedBody = bodyLimit({
  maxSize: maxUploadBytes + maxRestBytes,
  onError: (c) =>
    c.json({ sentence: 'That is larger than 25 MB; please send a smaller picture.' }, 413, {
      // What is still on its way is not read.
      connection: 'close',
    }),
})

/** Whether Intl knows it: the browser's word goes no further otherwise. */
function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}

const typed = z.record(z.string(), z.string())
const here = { channel: z.string(), timeZone: z.string().max(60).refine(isTimeZone).optional() }

export const requests = {
  say: z.object({ ...here, text: z.string().max(2_000) }),
  run: z.object({ ...here, path: z.array(z.string()).min(1).max(2), options: typed }),
  menu: z.object({ ...here, name: z.string(), message: z.string(), file: z.string() }),
  press: z.object({
    ...here,
    message: z.string(),
    id: z.string(),
    chosen: z.array(z.string()).default([]),
    /** What was typed into the form that the button opened. */
    values: typed.optional(),
  }),
  message: z.object({ ...here, message: z.string() }),
  channel: z.object({ name: z.string().max(200) }),
  me: z.object({ name: z.string().max(200).optional(), moderator: z.boolean().optional() }),
}

/**
 * Reads a body of our page: a form whose part "request" is JSON, parts "file.<option>" are files, "alt.<option>" their alt texts.
 * @throws UserError where it is not of this shape.
 */
export async function readRequest<T>(
  c: Context,
  schema: z.ZodType<T>,
): Promise<{ request: T; uploads: Upload[] }> {
  const form = await c.req.formData().catch(() => new FormData())
  const parsed = schema.safeParse(jsonIn(form.get('request')))
  if (!parsed.success)
    throw new UserError('bad-option', 'The playground did not understand the page; please reload it.', {
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

function jsonIn(part: unknown): unknown {
  if (typeof part !== 'string') return undefined
  try {
    return JSON.parse(part)
  } catch {
    return undefined
  }
}
