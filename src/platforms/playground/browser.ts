import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context, MiddlewareHandler } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { UserError } from '../../errors.ts'
import type { History } from './history.ts'
import type { PagePerson } from './page.ts'
import type { People } from './people.ts'
import { idOf, type Sessions } from './sessions.ts'

const cookie = 'neuron-games'
const cookieSeconds = 365 * 24 * 60 * 60

export interface BrowserSetup {
  readonly history: History
  readonly people: People
  readonly sessions: Sessions
  /** The playground is reached by https, so its cookie is never sent without. */
  readonly secure: boolean
}

export interface Env {
  Variables: { person: PagePerson }
}

/** Recognises a browser by its cookie. One that opens the page for the first time gets a cookie. */
export function knowsPerson({ history, people, sessions, secure }: BrowserSetup): MiddlewareHandler<Env> {
  /** A signed cookie in place of an earlier release's unsigned one, if its person has chosen a name or said something. */
  const former = async (secret: string): Promise<string | undefined> => {
    const id = idOf(secret)
    const isKnown = history.about(id).length > 0 || (await people.chosenBy(id)).length > 0
    return isKnown ? sessions.renewed(secret) : undefined
  }
  const known = async (c: Context<Env>): Promise<string> => {
    const given = getCookie(c, cookie) ?? ''
    const person = sessions.personOf(given)
    if (person !== undefined) return person
    const issued = (await former(given)) ?? (await sessions.issue(getConnInfo(c).remote.address))
    setCookie(c, cookie, issued, {
      httpOnly: true,
      secure,
      sameSite: 'Strict',
      path: '/',
      maxAge: cookieSeconds,
    })
    return sessions.personOf(issued)!
  }
  return async (c, next) => {
    c.header('cache-control', 'no-store')
    const opens = c.req.path === '/api/state' || c.req.path.startsWith('/api/owner/')
    const id = opens ? await known(c) : sessions.personOf(getCookie(c, cookie) ?? '')
    if (id === undefined) throw new UserError('not-allowed', 'platform.playground.unknownBrowser')
    c.set('person', await people.byId(id))
    await next()
  }
}
