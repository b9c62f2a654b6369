import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { draw, slowWaits, step } from './test-commands.ts'

/** Ada and Ben are members, Mo moderates. */
export type Who = 'ada' | 'ben' | 'mo'

/** A state of a message, as a person sees it. */
export interface Shown {
  /** The same for every state of one message, if the platform says. */
  readonly id: string
  /** All words in it, markup taken out: headings, fields, bars, tables, small print. */
  readonly words: string
  /** Pictures that their reader can really fetch. */
  readonly pictures: readonly { readonly alt: string }[]
  /** Labels of the buttons, and of a select's choices. */
  readonly buttons: readonly string[]
  readonly choices: readonly string[]
  /** Names of files to download. */
  readonly files: readonly string[]
  /** Only the person who asked sees it. */
  readonly forOne: boolean
}

/** What came of one thing that a person did, once the platform was told that it had arrived. */
export interface Asked {
  /**
   * The first state of any message in answer to it that contains these words; waits a few seconds for it.
   * Looks at all states since it was asked, so as not to miss progress.
   */
  shown(words: string): Promise<Shown>
}

/** Does what people do on a platform, over its own protocol, with a bot that runs the test commands. */
export interface PlatformDriver {
  /** Options as they are typed; bytes mean a picture. */
  run(
    path: readonly string[],
    options?: Readonly<Record<string, string | Uint8Array>>,
    who?: Who,
  ): Promise<Asked>
  /** The entry in the menu of a message with these pictures. */
  menu(label: string, pictures: readonly Uint8Array[], who?: Who): Promise<Asked>
  /** A message that mentions the bot, with these pictures. */
  mention(pictures: readonly Uint8Array[], who?: Who): Promise<Asked>
  press(shown: Shown, label: string, who?: Who): Promise<Asked>
  choose(shown: Shown, label: string, who?: Who): Promise<Asked>
  /** Presses a button that opens a form, fills it in and sends it. Choices by their value. */
  fillIn(shown: Shown, label: string, fields: Readonly<Record<string, string>>, who?: Who): Promise<Asked>
  /** Labels of the suggestions. */
  complete(path: readonly string[], option: string, typed: string): Promise<string[]>
  /** Stops the bot cleanly and starts it again on the same store. */
  restart(): Promise<void>
  stop(): Promise<void>
  /** All that the bot has logged, at debug level, and what must not be in there. */
  log(): string
  readonly secrets: readonly string[]
  /** What the platform found wrong with what the bot sent. */
  wrong(): readonly string[]
}

/** What a platform does not have, and why. */
export type Gaps = Partial<
  Record<'acknowledge' | 'progress' | 'alone' | 'moderators' | 'menu' | 'mention' | 'files', string>
>

/** What every platform does with the same commands. @param missing why it cannot be tried here */
export function platformContract(
  name: string,
  connect: () => Promise<PlatformDriver>,
  gaps: Gaps = {},
  missing?: string,
): void {
  const why = (gap: keyof Gaps): string => (gaps[gap] ? ` (${gaps[gap]})` : '')

  describe.skipIf(missing)(`${name} as a platform${missing ? ` (${missing})` : ''}`, () => {
    let driver: PlatformDriver
    let cat: Uint8Array

    beforeAll(async () => {
      cat = (await draw('cat', 'navy')).bytes
      driver = await connect()
    })
    afterAll(() => driver?.stop())

    test.skipIf(gaps.acknowledge)(
      `acknowledges before the answer, so that nobody has to wait${why('acknowledge')}`,
      async () => {
        // It answers only after two more steps: if it were not acknowledged, this would never get there.
        const asked = await driver.run(['slow'])
        await step()
        await step()
        await asked.shown('done at last')
      },
    )

    test.skipIf(gaps.progress)(`shows progress, then the answer in its place${why('progress')}`, async () => {
      const asked = await driver.run(['slow'])
      const progress = await asked.shown('Waiting for others')
      await step()
      await step()
      const answer = await asked.shown('done at last')
      expect(answer.id).toBe(progress.id)
      expect(answer.words).not.toContain('Waiting')
    })

    test('a picture goes in, a card with alt text and buttons comes out', async () => {
      const asked = await driver.run(['neurons'], { picture: cat })
      const card = await asked.shown(`${cat.length} bytes`)
      expect(card.words).toContain('spider fires most')
      expect(card.words).not.toContain('**')
      expect(card.pictures).toEqual([{ alt: 'The word spider on darkred.' }])
      expect(card.buttons).toEqual(['spider', 'train'])
    })

    test('a button changes the message that holds it', async () => {
      const card = await (await driver.run(['neurons'], { picture: cat })).shown('fires most')
      const changed = await (await driver.press(card, 'train')).shown('train fires most')
      expect(changed.id).toBe(card.id)
      expect(changed.pictures).toEqual([{ alt: 'The word train on darkgreen.' }])
    })

    test.skipIf(gaps.menu)(
      `the menu of a message looks at its pictures, for whoever asked${why('menu')}`,
      async () => {
        const asked = await driver.menu('Which neurons fire?', [cat])
        const card = await asked.shown('spider fires most')
        expect(card).toMatchObject({ forOne: true, pictures: [{ alt: 'The word spider on darkred.' }] })
      },
    )

    test.skipIf(gaps.menu)(`a message without a picture is reported as such${why('menu')}`, async () => {
      const asked = await driver.menu('Which neurons fire?', [])
      expect((await asked.shown('no picture')).forOne).toBe(true)
    })

    test.skipIf(gaps.mention)(
      `a picture beside the bot's name is looked at, for all to see${why('mention')}`,
      async () => {
        const card = await (await driver.mention([cat])).shown('spider fires most')
        expect(card).toMatchObject({ forOne: false, pictures: [{ alt: 'The word spider on darkred.' }] })
        const changed = await (await driver.press(card, 'train')).shown('train fires most')
        expect(changed.id).toBe(card.id)
      },
    )

    test.skipIf(gaps.mention)(
      `the bot's name without a picture gets an answer in words${why('mention')}`,
      async () => {
        expect(await (await driver.mention([])).shown('no picture')).toBeDefined()
      },
    )

    test('every kind of element shows', async () => {
      const all = await (await driver.run(['everything'])).shown('A heading')
      const words = ['A heading', 'bold', 'italic', 'code', '*as typed*', 'Model', 'pocket', 'Strength']
      for (const word of [...words, 'spider', '12.4 σ', 'web', '6.2 σ', 'player', 'Ada', 'small print'])
        expect(all.words).toContain(word)
      expect(all.words).not.toMatch(/\*\*|_italic_/)
      expect(all.pictures.map(({ alt }) => alt)).toEqual([
        'The word one on navy.',
        'The word one on navy.',
        'The word two on teal.',
      ])
      expect(all.buttons).toEqual(['Answer'])
      expect(all.choices).toEqual(['The first', 'The second'])
    })

    test.skipIf(gaps.files)(`a file can be downloaded${why('files')}`, async () => {
      expect((await (await driver.run(['everything'])).shown('scores.csv')).files).toEqual(['scores.csv'])
    })

    test('a select passes on what was chosen', async () => {
      const all = await (await driver.run(['everything'])).shown('A heading')
      expect(await (await driver.choose(all, 'The second')).shown('chose b')).toBeDefined()
    })

    test('a form is filled in and answered', async () => {
      const poll = await (await driver.run(['poll'])).shown('What is it?')
      const asked = await driver.fillIn(poll, 'Answer', { name: 'Spidey', sure: 'very' })
      expect(await asked.shown('answered Spidey very')).toBeDefined()
    })

    test.skipIf(gaps.alone)(`a secret is for one person until it is posted${why('alone')}`, async () => {
      const secret = await (await driver.run(['whisper'])).shown('a secret')
      expect(secret.forOne).toBe(true)
      const posted = await (await driver.press(secret, 'Post it')).shown('no secret any more')
      expect(posted.forOne).toBe(false)
    })

    test('what is for everybody is for everybody', async () => {
      expect((await (await driver.run(['poll'])).shown('What is it?')).forOne).toBe(false)
    })

    test('a mistake is explained in one sentence, to whoever made it', async () => {
      const told = await (await driver.run(['mistake'])).shown('Please write another word.')
      expect(told.forOne).toBe(gaps.alone === undefined)
    })

    test('a file that is not a picture is reported as such', async () => {
      const asked = await driver.run(['neurons'], { picture: Buffer.from('hello, I am no picture') })
      expect(await asked.shown('This file is no picture that I can read.')).toBeDefined()
    })

    test('an option that is wrong is named', async () => {
      const asked = await driver.run(['neurons'], { picture: cat, top: '99' })
      expect(await asked.shown('"top" takes a whole number from 1 to 12')).toBeDefined()
    })

    test('a bug of ours shows only a number, which is in the log', async () => {
      const { words } = await (await driver.run(['fault'])).shown('Something went wrong on our side')
      const [, id] = /this number: (\w+)/.exec(words) ?? []
      expect(id).toMatch(/^[0-9a-f]{8}$/)
      expect(words).not.toContain('secret detail')
      expect(driver.log()).toContain(id)
      expect(driver.log()).toContain('secret detail')
    })

    test('typing is completed', async () => {
      expect(await driver.complete(['mistake'], 'word', 'spi')).toEqual([
        'the word spider',
        'the word spindle',
      ])
    })

    test.skipIf(gaps.moderators)(`only moderators can run what is theirs${why('moderators')}`, async () => {
      await (await driver.run(['contest', 'end'])).shown('Only moderators can do this.')
      await (await driver.run(['contest', 'end'], {}, 'mo')).shown('ended')
    })

    test('two at once each get their own answer', async () => {
      const other = (await draw('a longer name', 'grey', 400)).bytes
      const [first, second] = await Promise.all([
        driver.run(['neurons'], { picture: cat }),
        driver.run(['neurons'], { picture: other }, 'ben'),
      ])
      const cards = await Promise.all([
        first.shown(`${cat.length} bytes`),
        second.shown(`${other.length} bytes`),
      ])
      expect(cards[0].words).not.toContain(`${other.length} bytes`)
    })

    test('a stop lets running work finish, and buttons from before it still work', async () => {
      const card = await (await driver.run(['neurons'], { picture: cat })).shown('fires most')
      const slow = await driver.run(['slow'])
      await slowWaits()
      const restarted = driver.restart()
      await step()
      await step()
      await restarted
      await slow.shown('done at last')
      expect((await (await driver.press(card, 'train')).shown('train fires most')).id).toBe(card.id)
    })

    test('no body was wrong and no secret is in the log', () => {
      expect(driver.wrong()).toEqual([])
      for (const secret of driver.secrets) expect(driver.log().includes(secret)).toBe(false)
    })
  })
}
