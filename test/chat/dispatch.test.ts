import { pino } from 'pino'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { arg, defineActions } from '../../src/chat/actions.ts'
import type { Command } from '../../src/chat/command.ts'
import { Cooldowns } from '../../src/chat/cooldown.ts'
import { Dispatcher } from '../../src/chat/dispatch.ts'
import type { Origin } from '../../src/chat/context.ts'
import type { Progress, Reply } from '../../src/chat/reply.ts'
import type { Responder } from '../../src/chat/responder.ts'
import type { Services } from '../../src/chat/services.ts'
import { ownerError } from '../../src/errors.ts'

const text = (content: string): Reply<never> => ({ elements: [{ kind: 'text', text: content }] })
const words = (reply: Reply): string =>
  reply.elements.map((element) => ('text' in element ? element.text : '')).join()
const none = {}

const echoActions = defineActions('echo', { again: { args: [arg.text, arg.number] } })

const commands: Command[] = [
  {
    name: 'echo',
    description: 'Says it again',
    async run(context) {
      await context.reply(text('done'))
    },
    actions: echoActions.answeredBy({
      again: {
        answers: 'edit',
        run: async (context, args) => void (await context.reply(text(args.join('+')))),
      },
    }),
  },
  {
    name: 'whoami',
    description: 'Says who asks',
    run: async (context) => void (await context.reply(text(context.person.name))),
  },
  {
    name: 'slow',
    description: 'Takes its time',
    async run(context) {
      for (let step = 1; step <= 20; step += 1) {
        context.progress({ text: `step ${step}` })
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      await context.reply(text('done'))
      context.progress({ text: 'too late' })
    },
  },
  {
    name: 'mistake',
    description: 'A mistake of the person',
    run: () => Promise.reject(ownerError('bad-option', 'Please write a word.')),
  },
  { name: 'fault', description: 'A fault of ours', run: () => Promise.reject(new Error('secret detail')) },
  {
    name: 'admin',
    description: 'For moderators',
    subcommands: {
      close: {
        description: 'Closes',
        moderators: true,
        run: async (context) => void (await context.reply(text('closed'))),
      },
    },
  },
]

const origin: Origin = {
  platform: 'playground',
  place: { platform: 'playground', community: 'home', channel: 'general' },
  person: { id: 'ada', name: 'Ada', moderator: false },
  locale: 'en',
  theme: 'dark',
  signal: new AbortController().signal,
}

let shown: string[]
let logged: string[]
let dispatcher: Dispatcher
let responder: Responder

beforeEach(() => {
  shown = []
  logged = []
  const log = pino({ level: 'debug' }, { write: (line) => logged.push(line) })
  // A dispatcher only passes the services on; the log is all it uses itself.
  dispatcher = new Dispatcher(
    commands,
    { log } as Services,
    new Cooldowns({ points: 2, seconds: 60 }, { points: 100, seconds: 60 }),
  )
  const say = async (what: string) => {
    await new Promise((resolve) => setTimeout(resolve, 1))
    shown.push(what)
    return { ...origin.place, message: String(shown.length) }
  }
  responder = {
    progressEveryMs: 30,
    show: (reply) => say(`reply: ${words(reply)}`),
    showProgress: async (progress: Progress) => void (await say(`progress: ${progress.text}`)),
    followUp: (reply, visibility) => say(`${visibility}: ${words(reply)}`),
    refuse: async (sentence) => void (await say(`refused: ${sentence}`)),
  }
})

describe('from an event to a command and back', () => {
  test('a command answers', async () => {
    await dispatcher.run(['echo'], none, origin, responder)
    expect(shown).toEqual(['reply: done'])
  })

  test('progress updates are thinned out and never overtake the answer', async () => {
    vi.useFakeTimers()
    try {
      const running = dispatcher.run(['slow'], none, origin, responder)
      await vi.advanceTimersByTimeAsync(200)
      await running
    } finally {
      vi.useRealTimers()
    }
    expect(shown.at(-1)).toBe('reply: done')
    expect(shown.length).toBeGreaterThan(2)
    expect(shown.length).toBeLessThan(10)
  })

  test("a person's mistake is shown as it is and costs nothing", async () => {
    for (let time = 0; time < 5; time += 1) await dispatcher.run(['mistake'], none, origin, responder)
    expect(shown).toEqual(Array(5).fill('refused: Please write a word.'))
    expect(logged).toEqual([])
  })

  test('a bug of ours shows an id and no details, and is logged under that id', async () => {
    await dispatcher.run(['fault'], none, origin, responder)
    const id = /number: (\w{8})\.$/.exec(shown[0]!)?.[1]
    expect(shown[0]).not.toContain('secret detail')
    expect(JSON.parse(logged[0]!)).toMatchObject({ id, err: { message: 'secret detail' } })
  })

  test('a cooldown says how many seconds to wait', async () => {
    for (let time = 0; time < 3; time += 1) await dispatcher.run(['echo'], none, origin, responder)
    expect(shown[2]).toMatch(/^refused: Please wait \d+ seconds before the next \/echo\.$/)
  })

  test('buttons have a cooldown too: nobody can clog the line by pressing', async () => {
    const message = { ...origin.place, message: '7' }
    for (let time = 0; time < 300; time += 1)
      await dispatcher.press({ id: echoActions.id('again', 'a', time), message }, origin, responder)
    expect(shown.filter((what) => what.startsWith('reply: '))).toHaveLength(6)
    expect(shown.at(-1)).toMatch(/^refused: Please wait \d+ seconds before you press again\.$/)
    await dispatcher.run(['echo'], none, origin, responder)
    expect(shown.at(-1)).toMatch(/^refused: Please wait \d+ seconds before the next \/echo\.$/)
  })

  test('a platform that keeps what is sent first hears whether the person may run it', async () => {
    const { place, person } = origin
    await dispatcher.mustBeFree(['echo'], { place, person })
    for (let time = 0; time < 2; time += 1) await dispatcher.run(['echo'], none, origin, responder)
    await expect(dispatcher.mustBeFree(['echo'], { place, person })).rejects.toThrow(/^Please wait/)
    await dispatcher.mustBeFree(['echo'], { place, person: { ...person, id: 'ben' } })
  })

  test('a whole community can press at once', async () => {
    const message = { ...origin.place, message: '7' }
    for (let id = 0; id < 300; id += 1) {
      const person = { ...origin.person, id: String(id) }
      await dispatcher.press(
        { id: echoActions.id('again', 'a', 1), message },
        { ...origin, person },
        responder,
      )
    }
    expect(shown).toEqual(Array(300).fill('reply: a+1'))
  })

  test('a slip gives the run back, a flood of mistakes does not', async () => {
    for (let time = 0; time < 100; time += 1) await dispatcher.run(['mistake'], none, origin, responder)
    expect(shown.filter((what) => what === 'refused: Please write a word.')).toHaveLength(5 + 2)
    expect(shown.at(-1)).toMatch(/^refused: Please wait \d+ seconds before the next \/mistake\.$/)
  })

  test('only moderators can run what is theirs', async () => {
    await dispatcher.run(['admin', 'close'], none, origin, responder)
    await dispatcher.run(
      ['admin', 'close'],
      none,
      { ...origin, person: { ...origin.person, moderator: true } },
      responder,
    )
    expect(shown).toEqual(['refused: Only moderators can do this.', 'reply: closed'])
  })

  test('a button finds its action by its id alone; an id from an older version is refused politely', async () => {
    const message = { ...origin.place, message: '7' }
    await dispatcher.press({ id: echoActions.id('again', 'a/b', 3), message }, origin, responder)
    const outdated = ['echo/gone', 'echo/again/a/b', 'echo/constructor', 'constructor/again/a/3']
    for (const id of outdated) await dispatcher.press({ id, message }, origin, responder)
    const refusal = 'refused: This button belongs to an older version and no longer works.'
    expect(shown).toEqual(['reply: a/b+3', ...outdated.map(() => refusal)])
  })

  test('an unknown command is refused politely', async () => {
    await dispatcher.run(['admin'], none, origin, responder)
    await dispatcher.run(['admin', 'constructor'], none, origin, responder)
    expect(shown).toEqual([
      'refused: Please choose one of these: /admin close.',
      'refused: There is no command "/admin constructor"; there is /admin close.',
    ])
  })
})

describe('a person is called', () => {
  const cooldowns = new Cooldowns({ points: 100, seconds: 60 }, { points: 100, seconds: 60 })
  const rude = Buffer.from('ZiB1IGMgaw==', 'base64').toString()

  /** What the bot calls the people of these names, in a community that keeps rude words out, or doesn't. */
  async function called(names: readonly string[], profanity: boolean): Promise<string[]> {
    const settings = { channels: [], sensitive: false, profanity, cooldown: 0, language: 'en' } as const
    const inCommunity = new Dispatcher(commands, dispatcher.services, cooldowns, async () => settings)
    for (const name of names) {
      const person = { ...origin.person, id: name, name }
      await inCommunity.run(['whoami'], none, { ...origin, platform: 'discord', person }, responder)
    }
    return shown.splice(0).map((what) => what.replace('reply: ', ''))
  }

  test('as their platform calls them, without marks that turn the text beside the name around', async () => {
    expect(await called(['Ada', '\u202eadA\u202c', 'Zoe\u0308', '👩‍🚀 Ada', 'Great Tit 455'], true)).toEqual([
      'Ada',
      'adA',
      'Zoë',
      '👩‍🚀 Ada',
      'Great Tit 455',
    ])
  })

  test('by an invented name, always the same, if theirs shows nothing, is ours, or is rude', async () => {
    const names = ['\u200b', '\u3164', 'Neuron Games', 'Nеur0n Gаmes', rude]
    const invented = await called(names, true)
    for (const name of invented) expect(name).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/)
    expect(new Set(invented).size).toBe(names.length)
    expect(await called(names, true)).toEqual(invented)
  })

  test('by a rude name where the community does not mind', async () => {
    expect(await called([rude], false)).toEqual([rude])
  })
})
