import { isIP } from 'node:net'
import type { Context, MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { parseAccept } from 'hono/utils/accept'
import { isSpoken, languageOf, type Translate, translator } from '../../language.ts'
import { UserError } from '../../errors.ts'

const nothing = ["'none'"]
const own = ["'self'"]

/** The page may load from and connect to this server only, and runs no inline script or style. */
export const headers: MiddlewareHandler = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: nothing,
    scriptSrc: own,
    styleSrc: own,
    fontSrc: own,
    connectSrc: own,
    imgSrc: [...own, 'blob:'],
    baseUri: nothing,
    formAction: nothing,
    frameAncestors: nothing,
    requireTrustedTypesFor: ["'script'"],
  },
  // The playground is served without TLS; a proxy that adds TLS can add this header as well.
  strictTransportSecurity: false,
  // Files bring a stricter policy of their own.
  overwrite: false,
})

/**
 * Refuses requests to a name that is not ours. Against DNS rebinding: a foreign page can make its own name
 * point to this machine, but not "localhost" or a bare address.
 */
export const onlyHost =
  (configured: readonly string[]): MiddlewareHandler =>
  async (c, next) => {
    const host = hostName(c.req.header('host') ?? '')
    if (host !== 'localhost' && !configured.includes(host) && isIP(host) === 0)
      return c.json({ sentence: translatorOf(c)('platform.playground.otherName') }, 421)
    return next()
  }

/**
 * Refuses requests that another site's page sends on a person's behalf.
 * @param publicOrigin of a proxy, which may pass on a different host
 */
export const sameOrigin =
  (publicOrigin: string | undefined): MiddlewareHandler =>
  async (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next()
    if (c.req.header('sec-fetch-site') === 'same-origin') return next()
    const origin = c.req.header('origin')
    if (origin !== undefined && origin === publicOrigin) return next()
    if (origin !== undefined && URL.canParse(origin) && new URL(origin).host === c.req.header('host'))
      return next()
    throw new UserError('not-allowed', 'platform.playground.otherPage')
  }

export function statusOf({ code }: UserError): 400 | 403 | 404 | 429 {
  if (code === 'not-allowed') return 403
  if (code === 'not-found') return 404
  return code === 'busy' || code === 'too-soon' ? 429 : 400
}

/** 127.0.0.0/8 or ::1, the latter also as IPv6 writes the former. */
export const isLoopback = (address: string | undefined): boolean =>
  address !== undefined && /^(::ffff:)?127\.|^::1$/.test(address)

/** Sentences in the browser's language. */
export const translatorOf = (c: Context): Translate => translator(languageOf(localeOf(c)))

/** The first of the locales that the browser asks for whose language we have. */
export function localeOf(c: Context): string {
  const asked = parseAccept(c.req.header('accept-language') ?? '')
    .map(({ type }) => type)
    .filter((locale) => /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(locale))
  return asked.find(isSpoken) ?? asked[0] ?? 'en'
}

const hostName = (host: string): string =>
  host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase()
