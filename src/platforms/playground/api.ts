import { Hono, type Context } from 'hono'
import type { Logger } from 'pino'
import { aboutModel } from '../../chat/about-model.ts'
import type { Dispatcher } from '../../chat/dispatch.ts'
import { type BrowserSetup, type Env, knowsPerson } from './browser.ts'
import type { Channels } from './channels.ts'
import type { Asker } from './asker.ts'
import type { Conversation } from './conversation.ts'
import { describeCommands, describeMenus } from './describe.ts'
import type { Streams } from './events.ts'
import type { Files } from './files.ts'
import { localeOf, translatorOf } from './guard.ts'
import type { Hub } from './hub.ts'
import { scope } from './message.ts'
import type { PageState } from './page.ts'
import {
  boundedBody,
  boundedSketch,
  maxUploadBytes,
  readRequest,
  requests,
  sketchesPerMinute,
  unhurried,
} from './request.ts'
import type { Samples } from './samples.ts'

export interface ApiSetup extends BrowserSetup {
  readonly dispatcher: Dispatcher
  readonly conversation: Conversation
  readonly files: Files
  readonly channels: Channels
  readonly hub: Hub
  readonly streams: Streams
  readonly samples: Samples
  readonly log: Logger
  readonly now: () => Date
}

function asker(c: Context<Env>, { channel, timeZone }: Pick<Asker, 'channel' | 'timeZone'>): Asker {
  return { person: c.get('person'), channel, locale: localeOf(c), ...(timeZone && { timeZone }) }
}

/** The requests that the page makes. */
export function api(setup: ApiSetup) {
  const { dispatcher, conversation, history, channels, people, sessions, hub, streams, samples, now } = setup
  const app = new Hono<Env>()
  app.use(knowsPerson(setup))
  /** The link that the owner follows from the log. */
  app.get('/owner/:secret', async (c) => {
    if (!sessions.isOwnerSecret(c.req.param('secret')))
      return c.text(translatorOf(c)('platform.playground.oldLink'), 403)
    await people.own(c.get('person').id)
    return c.redirect('/', 303)
  })
  app.get('/state', (c) => {
    const me = c.get('person')
    const { commands, services } = dispatcher
    const t = translatorOf(c)
    const state: PageState = {
      me,
      model: { title: services.catalogue.modelTitle, summary: aboutModel(services.catalogue, t) },
      channels: channels.names,
      commands: describeCommands(commands.all, t),
      menus: describeMenus(commands.all, t),
      samples: samples.list(t),
      samplesCredit: t('samples.credit'),
      messages: history.visibleTo(me.id),
      maxUploadBytes,
      cursor: hub.cursor,
    }
    return c.json(state)
  })
  app.get('/events', (c) => streams.open(c, c.get('person').id))
  app.get('/complete', async (c) => {
    const { channel = '', path = '', option = '', typed = '' } = c.req.query()
    const { id, name, moderator } = c.get('person')
    const place = { ...scope, channel }
    const origin = {
      platform: 'playground',
      place,
      person: { id, name, moderator },
      locale: localeOf(c),
    } as const
    const choices = await dispatcher.complete(path.split(' '), option, typed, origin)
    return c.json({ choices: choices.slice(0, 25) })
  })
  // Ahead of the limit on posts: a drawing is looked at several times a second while it is being made.
  app.post('/look', unhurried(sketchesPerMinute), boundedSketch, async (c) => {
    const { request, uploads } = await readRequest(c, requests.look)
    const { message, id } = request
    const view = await conversation.look(asker(c, request), message, id, uploads[0], c.req.raw.signal)
    return c.json({ view })
  })
  app.use(unhurried())
  app.use(boundedBody)
  app.post('/say', async (c) => {
    const { request, uploads } = await readRequest(c, requests.say)
    await conversation.say(asker(c, request), request.text, uploads)
    return c.json({})
  })
  app.post('/run', async (c) => {
    const { request, uploads } = await readRequest(c, requests.run)
    await conversation.run(asker(c, request), request.path, request.options, uploads)
    return c.json({})
  })
  app.post('/menu', async (c) => {
    const { request } = await readRequest(c, requests.menu)
    await conversation.menu(asker(c, request), request.name, request.message, request.file)
    return c.json({})
  })
  app.post('/press', async (c) => {
    const { request, uploads } = await readRequest(c, requests.press)
    const { message, id, chosen, values } = request
    const given = { chosen, typed: values, uploads }
    return c.json(await conversation.press(asker(c, request), message, id, given))
  })
  app.post('/cancel', async (c) => {
    const { request } = await readRequest(c, requests.message)
    conversation.turns.cancel(request.message, c.get('person').id)
    return c.json({})
  })
  app.post('/remove', async (c) => {
    const { request } = await readRequest(c, requests.message)
    await conversation.remove(asker(c, request), request.message)
    return c.json({})
  })
  app.post('/channels', async (c) => {
    const { request } = await readRequest(c, requests.channel)
    const { name, isNew } = await channels.open(request.name, now())
    if (isNew) hub.publish({ kind: 'channel', channel: name })
    return c.json({ name })
  })
  app.post('/me', async (c) => {
    const { request } = await readRequest(c, requests.me)
    const { name, moderator } = request
    const person = await people.change(c.get('person'), {
      ...(name !== undefined && { name }),
      ...(moderator !== undefined && { moderator }),
    })
    hub.publish({ kind: 'me', person }, { only: person.id })
    return c.json({})
  })
  return app
}
