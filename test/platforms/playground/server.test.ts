import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PageEvent } from '../../../src/platforms/playground/page.ts'
import { BrowserClient, elementOf, wordsOf } from './browser-client.ts'
import { startPlayground, type Playground } from './start.ts'
import { draw, step } from '../test-commands.ts'

let playground: Playground
let ada: BrowserClient
let ben: BrowserClient

beforeAll(async () => {
  playground = await startPlayground()
  ada = await BrowserClient.open(playground.url)
  ben = await BrowserClient.open(playground.url)
})

afterAll(() => playground.stop())

const png = async (): Promise<Blob> => new Blob([new Uint8Array((await draw('cat', 'navy')).bytes)])

/** Sends a request as no fetch would: with any Host header, or more body than it says. */
async function raw(headers: Record<string, string>, path = '/api/state'): Promise<number> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(playground.url)
    request({ port, host: '127.0.0.1', path, headers }, (response) => {
      response.resume()
      resolve(response.statusCode!)
    })
      .on('error', reject)
      .end()
  })
}

/** Posts a form as no page would make it. */
async function postForm(path: string, form: FormData | Blob): Promise<{ status: number; sentence: string }> {
  const cookie = (await fetch(`${playground.url}/api/state`)).headers.get('set-cookie')!.split(';')[0]!
  const headers = { cookie, 'sec-fetch-site': 'same-origin' }
  const response = await fetch(`${playground.url}${path}`, { method: 'POST', headers, body: form })
  const { sentence = '' } = (await response.json()) as { sentence?: string }
  return { status: response.status, sentence }
}

describe('what one request may contain', () => {
  const here = { channel: 'general' }

  test('a few files, not thousands', async () => {
    const parts = Array.from(
      { length: 5000 },
      (_, i) => `--b\r\ncontent-disposition: form-data; name="file.f${i}"; filename="${i}.png"\r\n\r\nx\r\n`,
    )
    const request = JSON.stringify({ ...here, text: 'look' })
    parts.push(`--b\r\ncontent-disposition: form-data; name="request"\r\n\r\n${request}\r\n--b--\r\n`)
    const form = new Blob(parts, { type: 'multipart/form-data; boundary=b' })
    expect(await postForm('/api/say', form)).toEqual({
      status: 400,
      sentence: 'That is too much at once; please send at most 10 files.',
    })
  })

  test.each([
    ['options of megabytes', { a: 'x'.repeat(5_000_000) }],
    ['a long option', { a: 'x'.repeat(5_000) }],
    ['many options', Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`o${i}`, 'x']))],
  ])('no %s', async (_name, options) => {
    const form = new FormData()
    form.set('request', JSON.stringify({ ...here, path: ['echo'], options }))
    expect(await postForm('/api/run', form)).toMatchObject({
      status: 400,
      sentence: 'The playground did not understand the page; please reload it.',
    })
  })

  test('and one person may send only so many a minute', async () => {
    const eve = await BrowserClient.open(playground.url)
    const statuses: number[] = []
    for (let i = 0; i < 130; i++) statuses.push((await eve.post('/api/say', { text: '' })).status)
    expect(statuses.filter((status) => status === 429)).toHaveLength(10)
    expect((await ada.post('/api/say', { text: 'still here' })).status).toBe(200)
  })
})

const contains = (text: string) => (event: PageEvent) => JSON.stringify(event).includes(text)

describe('which requests are answered', () => {
  test.each(['localhost:1', '127.0.0.1', '[::1]:80', '192.168.1.7:4242'])(
    'host %s is answered',
    async (host) => {
      expect(await raw({ host })).toBe(200)
    },
  )

  test.each(['evil.example', 'localhost.evil.example:4242', '127.0.0.1.evil.example'])(
    'host %s is refused, against DNS rebinding',
    async (host) => {
      expect(await raw({ host })).toBe(421)
    },
  )

  test('a post from another site is refused, and so is one that does not say where it is from', async () => {
    const said = { text: 'hello' }
    expect((await ada.post('/api/say', said, {}, { origin: 'http://evil.example' })).status).toBe(403)
    expect((await ada.post('/api/say', said, {}, {})).status).toBe(403)
    expect((await ada.post('/api/say', said, {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await ada.post('/api/say', said)).status).toBe(200)
  })

  test('a browser without the cookie is told to reload', async () => {
    const { status, body } = await new BrowserClient(playground.url).post('/api/say', { text: 'hello' })
    expect(status).toBe(403)
    expect(body.sentence).toContain('reload')
  })

  test('the page runs no inline script and loads nothing from elsewhere', async () => {
    const response = await ada.get('/')
    expect(response.status).toBe(200)
    const policy = response.headers.get('content-security-policy')!
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).not.toContain('unsafe')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await response.text()).not.toMatch(
      /<script(?![^>]*\b(?:src=|type="application\/json"))|\bstyle="|\bon[a-z]+="/,
    )
  })

  test('no file beside the page can be reached', async () => {
    const paths = [
      '/../../package.json',
      '/..%2f..%2fpackage.json',
      '/%2e%2e/%2e%2e/package.json',
      '/fonts/../../package.json',
    ]
    for (const path of paths) expect(await raw({ host: 'localhost' }, path)).toBeGreaterThanOrEqual(400)
  })
})

describe('running a command', () => {
  test('what was typed and the answer become messages that everybody sees', async () => {
    await ada.run('contest start', { target: 'ipod', ink: 'A little' })
    const answer = await ben.message((message) => wordsOf(message) === 'contest for ipod, little ink')
    const typed = await ben.message(({ id }) => id === answer.answerTo)
    expect(typed.command).toEqual({
      path: ['contest', 'start'],
      options: [
        { name: 'target', value: 'ipod' },
        { name: 'ink', value: 'A little' },
      ],
    })
    expect(typed.running).toBeUndefined()
  })

  test('a picture goes in, and the card comes out as a file that is cached forever', async () => {
    const picture = await png()
    await ada.run('neurons', {}, { picture })
    const answer = await ada.message((message) => wordsOf(message).includes(`${picture.size} bytes`))
    const file = await ada.get(`/files/${elementOf(answer, 'picture').picture.id}`)
    expect(file.headers.get('content-type')).toBe('image/png')
    expect(file.headers.get('cache-control')).toContain('immutable')
    expect(file.headers.get('content-disposition')).toContain('inline')
    expect(file.headers.get('content-security-policy')).toContain('sandbox')
    expect(elementOf(answer, 'picture').picture.alt).toBe('The word spider on darkred.')
  })

  test('cards are drawn for both themes, and each viewer gets the one that fits', async () => {
    await ada.run('neurons', {}, { picture: await png() })
    const answer = await ada.message((message) => wordsOf(message).includes('drawn for both'))
    const { id, dark } = elementOf(answer, 'picture').picture
    const bytesOf = async (file: string) => Buffer.from(await (await ada.get(`/files/${file}`)).arrayBuffer())
    expect(await bytesOf(dark!.id)).not.toEqual(await bytesOf(id))
  })

  test('a time zone is taken from the browser if Intl knows it', async () => {
    const run = { path: ['help'], options: {} }
    expect((await ada.post('/api/run', { ...run, timeZone: 'Mars/Olympus' })).status).toBe(400)
    expect(
      (await ada.post('/api/run', { ...run, timeZone: 'Europe/Berlin' })).body.sentence ?? '',
    ).not.toContain('did not understand')
  })

  test('a wrong option is one sentence, and nothing is posted', async () => {
    const before = (await ada.state()).messages.length
    const { status, body } = await ada.run('neurons', { top: '99' }, { picture: await png() })
    expect(status).toBe(400)
    expect(body.sentence).toBe('"top" takes a whole number from 1 to 12.')
    expect((await ada.run('nothing')).body.sentence).toContain('There is no command "/nothing"')
    expect((await ada.state()).messages).toHaveLength(before)
  })

  test('a refusal is shown with what was typed, which only its author still sees', async () => {
    await ada.run('mistake', { word: 'oops' })
    const typed = await ada.message(({ refusal }) => refusal === 'Please write another word.')
    expect(typed.command!.options).toEqual([{ name: 'word', value: 'oops' }])
    expect((await ben.state()).messages.map(({ id }) => id)).not.toContain(typed.id)
  })

  test('a bug of ours shows a number and no details', async () => {
    await ada.run('fault')
    const { refusal } = await ada.message(({ command, refusal }) => command?.path[0] === 'fault' && !!refusal)
    expect(refusal).toMatch(/number: [0-9a-f]{8}/)
    expect(refusal).not.toContain('secret detail')
  })

  test('a file that is not a picture is never shown as one', async () => {
    await ada.run(
      'neurons',
      {},
      { picture: new Blob(['<svg onload="alert(1)">'], { type: 'image/svg+xml' }) },
    )
    const typed = await ada.message(({ refusal }) => refusal === 'This file is no picture that I can read.')
    const file = await ada.get(`/files/${typed.command!.options[0]!.file!.id}`)
    expect(file.headers.get('content-type')).toBe('application/octet-stream')
    expect(file.headers.get('content-disposition')).toContain('attachment')
  })

  test('more than 25 MB is refused before it is read', async () => {
    const picture = new Blob([new Uint8Array(26 * 1024 * 1024)])
    const { status, body } = await ada.run('neurons', {}, { picture })
    expect(status).toBe(413)
    expect(body.sentence).toContain('25 MB')
  })

  test('an upload that does not say its length is cut off at the limit', async () => {
    let sent = 0
    const body = new ReadableStream({
      pull(controller) {
        sent += 1024 * 1024
        if (sent > 100 * 1024 * 1024) controller.close()
        else controller.enqueue(new Uint8Array(1024 * 1024))
      },
    })
    // Whoever is still sending when the connection ends may not get to read why.
    const outcome = await ada.stream('/api/run', body).then(
      ({ status }) => status,
      () => 'ended',
    )
    expect([413, 'ended']).toContain(outcome)
    expect(sent).toBeLessThan(60 * 1024 * 1024)
  })
})

describe('for one person alone', () => {
  test('a whisper, its question and its dismissal reach nobody else', async () => {
    await ada.run('whisper')
    const answer = await ada.message((message) => wordsOf(message) === 'a secret')
    const seen = JSON.stringify((await ben.state()).messages)
    expect(seen).not.toContain('whisper')
    const press = { message: answer.id, id: 'whisper/post' }
    expect((await ben.post('/api/press', press)).status).toBe(404)
    expect((await ben.post('/api/remove', { message: answer.id })).status).toBe(404)
    await ada.post('/api/press', press)
    await ben.message((message) => wordsOf(message) === 'no secret any more')
    await ada.post('/api/remove', { message: answer.id })
    const left = (await ada.state()).messages.map(({ id }) => id)
    expect(left).not.toContain(answer.id)
    expect(left).not.toContain(answer.answerTo)
  })

  test('the menu of a posted picture answers only whoever asked', async () => {
    await ada.post('/api/say', { text: 'look' }, { picture: await png() })
    const said = await ben.message(({ text }) => text === 'look')
    await ben.post('/api/menu', { name: 'neurons', message: said.id, file: said.files![0]!.id })
    const answer = await ben.message(({ answerTo }) => answerTo === said.id)
    expect(answer.onlyFor).toBeDefined()
    await ben.message((message) => message.id === answer.id && wordsOf(message).includes('fires most'))
    expect((await ada.state()).messages.map(({ id }) => id)).not.toContain(answer.id)
  })

  test('people can delete their own messages, and only moderators those of others', async () => {
    await ada.post('/api/say', { text: 'to be deleted' })
    const { id } = await ben.message(({ text }) => text === 'to be deleted')
    expect((await ben.post('/api/remove', { message: id })).status).toBe(403)
    await ben.own(playground.ownerUrl)
    await ben.post('/api/me', { moderator: true })
    expect((await ben.post('/api/remove', { message: id })).status).toBe(200)
    await ben.post('/api/me', { moderator: false })
  })
})

describe('buttons, selects and forms', () => {
  test('a button changes its message, and the picture that it replaced is deleted', async () => {
    const picture = new Blob([new Uint8Array(await (await png()).arrayBuffer()), new Uint8Array(7)])
    await ada.run('neurons', {}, { picture })
    const card = await ada.message((message) => wordsOf(message).includes(`${picture.size} bytes`))
    const { buttons } = elementOf(card, 'buttons')
    await ben.post('/api/press', { message: card.id, id: buttons[1]!.id })
    const changed = await ada.message((message) => message.id === card.id && message.edited === true)
    expect(wordsOf(changed)).toContain('train fires most')
    expect(elementOf(changed, 'picture').picture.id).not.toBe(elementOf(card, 'picture').picture.id)
  })

  test('a button that is not in the message does nothing', async () => {
    const { id: message } = await ada.message(({ edited }) => edited === true)
    const { status, body } = await ada.post('/api/press', { message, id: 'whisper/post' })
    expect(status).toBe(404)
    expect(body.sentence).toContain('no longer there')
  })

  test('a form opens first; what is wrong in it comes back to it', async () => {
    await ada.run('poll')
    const { id: message } = await ada.message((each) => wordsOf(each) === 'What is it?')
    const press = { message, id: 'poll/ask' }
    const { body } = await ada.post('/api/press', press)
    expect(body.form).toMatchObject({ title: 'Your answer', fields: [{ name: 'name' }, { name: 'sure' }] })
    const wrong = await ada.post('/api/press', { ...press, values: { name: 'x'.repeat(21) } })
    expect(wrong).toMatchObject({
      status: 400,
      body: { sentence: '"name" takes at most 20 characters, not 21.' },
    })
    await ada.post('/api/press', { ...press, values: { name: 'web', sure: 'Very sure' } })
    await ben.message((each) => wordsOf(each) === 'answered web very')
  })

  test('a select accepts only what it offers', async () => {
    await ada.run('everything')
    const { id: message } = await ada.message(({ elements }) => (elements?.length ?? 0) > 5)
    const press = { message, id: 'poll/choose' }
    expect((await ada.post('/api/press', { ...press, chosen: ['c'] })).status).toBe(404)
    await ada.post('/api/press', { ...press, chosen: ['b'] })
    await ada.message((each) => wordsOf(each) === 'chose b')
  })

  test('a picture takes a point inside it, if it offers that', async () => {
    await ada.run('place')
    const { id: message } = await ada.message((each) => wordsOf(each) === 'Where?')
    const press = { message, id: 'place/at/a' }
    const status = async (request: Record<string, unknown>) => (await ada.post('/api/press', request)).status
    for (const chosen of [[], ['0.5'], ['0.5', '1.2'], ['-0.1', '0'], ['0.1', 'NaN'], ['0', '0', '0']])
      expect(await status({ ...press, chosen })).toBe(404)
    expect(await status({ message, id: 'place/at/b', chosen: ['0.25', '1'] })).toBe(404)
    expect(await status({ ...press, chosen: ['0.25', '1'] })).toBe(200)
    await ada.message((each) => wordsOf(each) === 'at a 0.25 1')
  })
})

describe('events', () => {
  test('progress comes in place: the line, the fraction, the growing picture, then the answer', async () => {
    const after = `?after=${(await ada.state()).cursor}`
    const heard = ada.events(contains('done at last'), {}, after)
    await ada.run('slow')
    await ada.events(contains('Waiting for others'), {}, after)
    await step()
    await ada.events(contains('Drawing'), {}, after)
    await step()
    const messages = (await heard).flatMap(({ event }) => (event.kind === 'message' ? event.message : []))
    const progress = messages.flatMap((message) => message.progress ?? [])
    expect(progress.map(({ text }) => text)).toEqual(['Working…', 'Waiting for others', 'Drawing'])
    expect(progress[2]).toMatchObject({ fraction: 0.5, picture: { alt: 'The word half on purple.' } })
    expect((await ada.get(`/files/${progress[2]!.picture!.id}`)).status).toBe(200)
    const ids = new Set(messages.filter(({ author }) => author.bot).map(({ id }) => id))
    expect(ids.size).toBe(1)
  })

  test('only whoever asked can cancel', async () => {
    const { cursor } = await ada.state()
    await ada.run('slow')
    const { id: message } = await ada.message(({ progress }) => progress !== undefined)
    await ben.post('/api/cancel', { message })
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect((await ada.state()).messages.find(({ id }) => id === message)!.progress).toBeDefined()
    await ada.post('/api/cancel', { message })
    const heard = await ada.events(contains('refusal'), {}, `?after=${cursor}`)
    expect(heard.at(-1)!.event).toMatchObject({ message: { refusal: 'Cancelled, as you wished.' } })
  })

  test('a page that lost its connection gets exactly what it missed', async () => {
    const { cursor } = await ada.state()
    await ada.post('/api/say', { text: 'first' })
    await ada.post('/api/say', { text: 'second' })
    const heard = await ada.events(contains('second'), { 'last-event-id': cursor })
    expect(heard.map(({ event }) => event.kind)).toEqual(['message', 'message'])
    const rest = await ada.events(contains('second'), { 'last-event-id': heard[0]!.id })
    expect(rest).toEqual([heard[1]])
  })

  test('a page from an earlier run of the server is told to start afresh', async () => {
    const heard = await ada.events(() => true, { 'last-event-id': 'earlier.7' })
    expect(heard[0]!.event).toEqual({ kind: 'reset' })
  })
})

describe('people and channels', () => {
  test('every browser is a person with a name of its own that can be changed', async () => {
    const [first, second] = [(await ada.state()).me, (await ben.state()).me]
    expect(first.id).not.toBe(second.id)
    expect(first.name).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/)
    await ada.post('/api/me', { name: '  Ada   L. ' })
    expect((await ada.state()).me).toMatchObject({ id: first.id, name: 'Ada L.' })
    expect((await ada.post('/api/me', { name: ' ' })).status).toBe(400)
  })

  test("moderators' commands are refused until one moderates", async () => {
    await ben.run('contest end')
    const { refusal } = await ben.message(({ command, refusal }) => command?.path[1] === 'end' && !!refusal)
    expect(refusal).toBe('Only moderators can do this.')
    await ben.own(playground.ownerUrl)
    await ben.post('/api/me', { moderator: true })
    await ben.run('contest end')
    const typed = await ben.message((each) => each.command?.path[1] === 'end' && !each.refusal)
    expect(wordsOf(await ben.message(({ answerTo }) => answerTo === typed.id))).toBe('ended')
  })

  test('channels can be opened, and everybody is told', async () => {
    const { cursor } = await ben.state()
    expect((await ada.post('/api/channels', { name: '#Daily Neuron!' })).body).toEqual({
      name: 'daily-neuron',
    })
    const heard = await ben.events(({ kind }) => kind === 'channel', {}, `?after=${cursor}`)
    expect(heard.at(-1)!.event).toEqual({ kind: 'channel', channel: 'daily-neuron' })
    await ada.post('/api/say', { channel: 'daily-neuron', text: 'in here' })
    expect((await ben.message(({ text }) => text === 'in here')).channel).toBe('daily-neuron')
    expect((await ada.post('/api/say', { channel: 'nowhere', text: 'x' })).status).toBe(404)
    // Nothing to read, letters that show nothing, and a rude word.
    for (const name of ['!!!', '\u3164', Buffer.from('ZiB1IGMgaw==', 'base64').toString()])
      expect((await ada.post('/api/channels', { name })).status).toBe(400)
  })

  test('values of options are completed', async () => {
    const path = '/api/complete?channel=general&path=mistake&option=word&typed=spi'
    expect(await (await ada.get(path)).json()).toEqual({
      choices: [
        { value: 'spider', label: 'the word spider' },
        { value: 'spindle', label: 'the word spindle' },
      ],
    })
  })
})
