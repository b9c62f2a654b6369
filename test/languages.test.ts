import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import sharp from 'sharp'
import { avatar } from '../commands/avatar.ts'
import { fool } from '../commands/fool.ts'
import { guess } from '../commands/guess.ts'
import { helpFor } from '../commands/help.ts'
import { hunt } from '../commands/hunt.ts'
import { endDueHunts } from '../commands/hunt/end.ts'
import { neuron } from '../commands/neuron.ts'
import { neurons } from '../commands/neurons.ts'
import { privacyFor } from '../commands/privacy.ts'
import { scoresFor } from '../commands/scores.ts'
import { scoreRecord } from '../commands/scores/record.ts'
import { settings } from '../commands/settings.ts'
import { spotlight } from '../commands/spotlight.ts'
import { postDueSpotlights } from '../commands/spotlight/post.ts'
import { changeSetting, communityLanguage, rememberLocale, settingsOf } from '../src/chat/community.ts'
import { UserError } from '../src/errors.ts'
import { english, languageOf, languages, say, translator } from '../src/language.ts'
import { capitalised } from '../src/text.ts'
import { projectRoot } from '../src/root.ts'
import { openStore } from '../src/store/open.ts'
import { atLength, some } from './examples.ts'
import { sampleOf, steps } from './commands/fool-steps.ts'
import { type Answer, labelsOf, picturesOf, pictureSource, runTasks, textOf } from './commands/harness.ts'
import { openHome } from './commands/home.ts'
import { blankGallery, drawn, spider, thing } from './commands/play.ts'

const folder = join(projectRoot, 'assets', 'languages')
const others = languages.filter((language) => language !== 'en')

/** Every sentence of a language by its key, "guess.right_one". */
function sentencesOf(language: string): Map<string, string> {
  const sentences = new Map<string, string>()
  const walk = (value: object, path: readonly string[]): void => {
    for (const [name, inner] of Object.entries(value)) {
      if (typeof inner === 'string') sentences.set([...path, name].join('.'), inner)
      else walk(inner as object, [...path, name])
    }
  }
  walk(JSON.parse(readFileSync(join(folder, `${language}.json`), 'utf8')) as object, [])
  return sentences
}

const plural = /_(?:zero|one|two|few|many|other)$/
const keysOf = (language: string): string[] => [
  ...new Set([...sentencesOf(language).keys()].map((key) => key.replace(plural, ''))),
]
const placeholdersOf = (sentence: string): string[] =>
  [...sentence.matchAll(/\{\{(\w+)/g)].map(([, name]) => name!).toSorted()

describe('a catalogue', () => {
  test.each(others)('of %s has every key of the English one and no others', (language) => {
    expect(keysOf(language).toSorted()).toEqual(keysOf('en').toSorted())
  })

  test.each(others)('of %s fills in the same values', (language) => {
    const theirs = sentencesOf(language)
    for (const [key, sentence] of sentencesOf('en')) {
      const translated = theirs.get(key) ?? theirs.get(key.replace(plural, '_other')) ?? ''
      expect([key, ...placeholdersOf(translated)]).toEqual([key, ...placeholdersOf(sentence)])
    }
  })

  test.each(languages)('of %s has the plural forms of its language', (language) => {
    const keys = [...sentencesOf(language).keys()]
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions()
    for (const key of keysOf(language)) {
      const forms = keys.filter((each) => plural.test(each) && each.replace(plural, '') === key)
      if (forms.length > 0)
        expect(forms.toSorted()).toEqual(pluralCategories.map((form) => `${key}_${form}`).toSorted())
    }
  })

  test('has no sentence that is never used', () => {
    const code = ['src', 'commands', 'assets/playground']
      .flatMap((where) => readdirSync(join(projectRoot, where), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile() && /\.(?:ts|js|html)$/.test(entry.name))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
      .join('\n')
    const quoted = /'([a-z]\w*(?:\.\w+)*)'|\{\{(page\.[\w.]+)\}\}/g
    const written = new Set([...code.matchAll(quoted)].map(([, key, inHtml]) => key ?? inHtml))
    const patterns = [...code.matchAll(/`([a-z]\w*\.[\w.${}]*)`/g)].map(
      ([, key]) => new RegExp(`^${key!.replaceAll('.', '\\.').replace(/\$\{\w+\}/g, '\\w+')}$`),
    )
    const unsaid = keysOf('en').filter((key) => !written.has(key) && !patterns.some((each) => each.test(key)))
    expect(unsaid).toEqual([])
  })
})

describe('a language', () => {
  test.each([
    ['de', 'de'],
    ['de-AT', 'de'],
    ['de_CH', 'de'],
    ['en-GB', 'en'],
    ['fr', 'en'],
    ['', 'en'],
  ])('of somebody whose locale is "%s" is %s', (locale, language) => {
    expect(languageOf(locale)).toBe(language)
  })

  test('explains mistakes in its own words, and logs have them in English', () => {
    const error = new UserError('not-found', 'errors.noCommand', { values: { typed: '/x' } })
    expect(error.message).toBe('There is no command "/x"; /help lists them all.')
    expect(error.in(translator('de'))).toBe('Einen Befehl „/x“ gibt es nicht; /help zeigt alle.')
    expect(UserError.unpack(JSON.parse(JSON.stringify(error.pack()))).in(translator('de'))).toBe(
      error.in(translator('de')),
    )
  })

  test('repeats what a person wrote unchanged, and refuses to leave a value out', () => {
    const line = '$t(language) {{now}} $1 <b>'
    expect(english('guess.toShare', { line })).toBe(`To share: ${line}`)
    expect(() => english('guess.toShare')).toThrow('"line" is missing')
  })

  test('can put sentences within sentences', () => {
    const values = { line: { key: 'guess.again' } } as const
    expect(say({ key: 'guess.toShare', values }, translator('de'))).toBe('Zum Teilen: Noch eine Runde')
  })
})

describe('a command is played in the language of whoever sees it', () => {
  const games = [guess, fool, hunt, spotlight, avatar, settings, neurons, neuron]
  const played = [...games, scoresFor(games), helpFor(games), privacyFor(games)]
  const { at, player, posts, services } = openHome(played, { gallery: blankGallery })
  const german = { locale: 'de', communityLocale: 'de' }

  /** All that can be read. */
  const read = (answer: Answer): string[] =>
    answer.refused === undefined
      ? [
          ...textOf(answer).split('\n'),
          ...labelsOf(answer),
          ...picturesOf(answer).map(({ alt }) => alt),
          ...answer.progress.map(({ text }) => text),
          ...answer.followUps.flatMap(({ reply }) => textOf({ ...answer, reply }).split('\n')),
        ]
      : [answer.refused]

  /** Sentences of the second that are also in the first, apart from names, which are the same in every language. */
  const untranslated = (englishOnes: readonly string[], germanOnes: readonly string[]): string[] => {
    const { catalogue } = services()
    const names = new Set([
      '',
      'Ada',
      'neuron games',
      ...catalogue.units.flatMap(({ name }) => [name, capitalised(name)]),
    ])
    const said = new Set(englishOnes)
    return germanOnes.filter((sentence) => said.has(sentence) && !names.has(sentence))
  }

  type Play = (community: string, who: object) => Promise<readonly Answer[]>
  const unasked = (community: string): Answer[] =>
    posts(community).map(({ reply }) => ({
      visibility: 'channel',
      reply,
      refused: undefined,
      followUps: [],
      progress: [],
      message: { platform: 'playground', community, channel: 'general', message: 'm' },
    }))

  const plays: Readonly<Record<string, Play>> = {
    async hunt(community, who) {
      const [ada, bob] = [player('Ada', who), player('Bob', who)]
      const picture = await thing(services(), spider)
      const blue = await sharp({ create: { width: 200, height: 200, channels: 3, background: '#3366cc' } })
        .png()
        .toBuffer()
      const none = await ada.run('hunt board')
      const start = await ada.run('hunt start', { neuron: 'spider', ends: '2 hours' })
      const answers = [
        none,
        start,
        await bob.run('hunt start', { neuron: 'dog' }),
        await ada.run('hunt board'),
        await ada.run('hunt enter', { picture }),
        await bob.run('hunt enter', { picture: await drawn(services(), 'spider') }),
        await ada.run('hunt enter', { picture: await thing(services(), spider, 3) }),
        await ada.run('hunt enter', { picture: pictureSource(blue) }),
        await ada.run('hunt board'),
        await bob.press(start, labelsOf(start)[2]!),
        await ada.press(start, labelsOf(start)[2]!),
        await ada.run('hunt enter', { picture }),
        await ada.run('hunt start', { neuron: 'spider', ends: 'never' }),
      ]
      await runTasks(services(), endDueHunts)
      return [...answers, ...unasked(community)]
    },
    async spotlight(community, who) {
      const mod = player('Mod', { ...who, moderator: true })
      const none = [await mod.run('spotlight list'), await mod.run('spotlight off')]
      at('2026-05-03T12:00:00Z')
      const here = (more: object) => mod.run('spotlight here', { time: '9:00', timezone: 'UTC', ...more })
      const answers = [
        ...none,
        await here({ timezone: undefined }),
        await here({ timezone: 'Atlantis' }),
        await here({ time: 'soon' }),
        await here({ days: 'some' }),
        await here({ days: 'mon, wed' }),
        await mod.run('spotlight list'),
        await here({}),
        await mod.run('spotlight list'),
      ]
      at('2026-05-04T09:00:00Z')
      await runTasks(services(), postDueSpotlights)
      at('2026-05-05T09:00:00Z')
      await runTasks(services(), postDueSpotlights)
      const [first, second] = unasked(community)
      at('2026-05-08T08:00:00Z')
      await runTasks(services(), postDueSpotlights)
      const now = await mod.run('spotlight now')
      const pressed = []
      for (const label of labelsOf(now)) pressed.push(await player(`Ada ${label}`, who).press(now, label))
      const again = await player(`Ada ${labelsOf(now)[0]!}`, who).press(now, labelsOf(now)[1]!)
      const late = await player('Eve', who).press(first!, labelsOf(first!)[0]!)
      return [
        ...answers,
        second!,
        ...unasked(community).slice(2),
        now,
        ...pressed,
        again,
        late,
        await mod.run('spotlight off'),
      ]
    },
    async scores(community, who) {
      const mod = player('Mod', { ...who, moderator: true })
      const none = await mod.run('scores')
      const score = { game: 'guess', person: 'ada', name: 'Ada', points: 3, at: Date.now(), detail: '' }
      await services().store.set(
        scoreRecord,
        { platform: 'playground', community },
        ['guess', 'event', 'ada'],
        { ...score, at: services().now().getTime() },
      )
      const board = await mod.run('scores')
      const [hide, moderate] = labelsOf(board)
      const admin = await mod.press(board, moderate!)
      const opened = await mod.press(admin, labelsOf(admin)[0]!, { name: 'x1' })
      const hidden = await mod.press(board, hide!)
      return [
        none,
        board,
        admin,
        opened,
        await mod.press(admin, labelsOf(admin)[0]!, { name: 'x2' }),
        await mod.press(opened, labelsOf(opened)[0]!),
        await mod.press(opened, labelsOf(opened)[0]!),
        hidden,
        await mod.press(hidden, labelsOf(hidden)[0]!),
        await mod.run('scores', { since: 'month', game: 'guess' }),
        await mod.run('scores', { since: 'whenever' }),
      ]
    },
    async settings(_community, who) {
      const mod = player('Mod', { ...who, moderator: true })
      let shown = await mod.run('settings', { cooldown: '5' })
      const answers = [shown]
      for (const n of [0, 1, 2]) answers.push((shown = await mod.press(shown, labelsOf(shown)[n]!)))
      return answers
    },
    async privacy(_community, who) {
      const ada = player('Ada', who)
      const none = await ada.run('privacy show')
      const question = await ada.run('guess', { round: 'which' })
      await ada.press(question, labelsOf(question)[0]!)
      const shown = await ada.run('privacy show')
      const asked = await ada.press(shown, labelsOf(shown)[0]!)
      return [
        none,
        shown,
        asked,
        await ada.press(asked, labelsOf(asked)[1]!),
        await ada.press(asked, labelsOf(asked)[0]!),
        await ada.press(asked, labelsOf(asked)[0]!),
      ]
    },
    async neurons(_community, who) {
      const [ada, bob] = [player('Ada', who), player('Bob', who)]
      const picture = await thing(services(), spider)
      const [png, text] = [Buffer.from(await picture.read()), Buffer.from('hello')]
      const jpeg = await sharp(png).resize(400).jpeg().toBuffer()
      const holed = Buffer.concat([jpeg.subarray(0, jpeg.length >> 1), jpeg.subarray(-2)])
      const card = await ada.run('neurons', { picture })
      const [about, wrong] = labelsOf(card).slice(-2)
      const answers = [
        card,
        await ada.press(card, labelsOf(card)[6]!),
        await ada.press(card, wrong!, { name: 'b1' }),
        await bob.press(card, wrong!, { name: 'b1' }),
        await ada.press(card, about!),
        await ada.menu('neurons', png, text),
        await ada.menu('neurons', text, text),
        await ada.menu('neurons'),
        await ada.run('neurons', { picture: pictureSource(holed) }),
        await ada.run('neurons', { picture: pictureSource(Buffer.alloc(0)) }),
      ]
      const seen = await ada.menu('neurons', png)
      return [...answers, seen, await ada.press(seen, labelsOf(seen).at(-2)!)]
    },
    async neuron(_community, who) {
      const ada = player('Ada', who)
      const page = await ada.run('neuron', { which: 'spider' })
      const [draw, wrong] = labelsOf(page)
      const named = await ada.press(page, wrong!, { name: 'b1' })
      const refused = []
      for (const name of ['!!', 'fuck', 'spider']) refused.push(await ada.press(page, wrong!, { name }))
      return [
        page,
        named,
        ...refused,
        await ada.press(page, draw!),
        await ada.press(page, labelsOf(page)[2]!),
        await ada.run('neuron', { which: 'xyzzy' }),
        await ada.run('neuron', { which: '1024' }),
        await ada.run('neuron', { which: '6' }),
      ]
    },
    help: async (_community, who) => {
      const ada = player('Ada', { ...who, moderator: true })
      return [await ada.run('help'), await ada.run('help', { command: 'fool' })]
    },
    async avatar(_community, who) {
      const ada = player('Ada', who)
      return [await ada.run('avatar'), await ada.run('avatar', { mood: 'sad' })]
    },
  }

  test.each(some(1, Object.entries(plays)))('/%s', async (name, play) => {
    const said = (await play(`english-${name}`, { community: `english-${name}` })).flatMap(read)
    const gesagt = (await play(`german-${name}`, { community: `german-${name}`, ...german })).flatMap(read)
    expect(untranslated(said, gesagt)).toEqual([])
  })

  test.each(some(1, ['look', 'pictures', 'which']))('/guess round:%s', async (round) => {
    const play = async (who: object): Promise<string[]> => {
      const ada = player('Ada', who)
      const question = await ada.run('guess', { round })
      const hints = labelsOf(question).filter((label) => label.includes('(−1)'))
      const told = []
      for (const label of hints) told.push(await ada.press(question, label))
      const answer = await ada.press(question, labelsOf(question)[0]!)
      const again = await ada.press(question, labelsOf(question)[1]!)
      return [question, ...told, answer, again].flatMap(read)
    }
    const said = await play({ community: `english-${round}` })
    const gesagt = await play({ community: `german-${round}`, ...german })
    expect(untranslated(said, gesagt)).toEqual([])
  })

  test.runIf(atLength)('/fool', async () => {
    const play = async (community: string, who: object): Promise<string[]> => {
      const [olga, ada] = ['Olga', 'Ada'].map((name) => player(name, { community, ...who }))
      const room = { person: (name: string) => player(name, { community, ...who }) }
      const preview = async () => ada!.run('fool write', { text: 'pizza', where: 'bottom', size: 10 })
      const early = [await olga!.run('fool board'), await olga!.run('fool history')]
      const opened = await steps.start(room)
      const begun = [opened, await olga!.run('fool board'), await steps.start(room)]
      const draft = await preview()
      const entries = [
        draft,
        await ada!.press(draft, labelsOf(draft)[0]!),
        await steps.edit(room),
        await steps.photograph(room),
      ]
      const board = await olga!.run('fool board')
      const rest = [
        board,
        await olga!.run('fool extend', { by: '1 hour' }),
        await player('Cleo', { community, ...who }).run('fool withdraw'),
        await steps.end(room),
        await olga!.run('fool history'),
        await olga!.run('fool write', { text: 'late' }),
        await olga!.run('fool attack', { picture: pictureSource(await sampleOf('dog')), words: 'pizza' }),
      ]
      return [...early, ...begun, ...entries, ...rest].flatMap((each) =>
        each.refused === undefined ? read(each) : [each.refused],
      )
    }
    expect(untranslated(await play('english-fool', {}), await play('german-fool', german))).toEqual([])
  })

  test('the question is in the language of the community, the answer in that of the person', async () => {
    const ada = player('Ada', { locale: 'de', communityLocale: 'en' })
    const question = await ada.run('guess', { round: 'look' })
    expect(textOf(question)).toContain('Which neuron is this?')
    expect(textOf(await ada.press(question, labelsOf(question)[0]!))).toContain('Richtige in Folge')
  })

  test('what a contest’s picture shows is told in the language of who writes on it', async () => {
    const ada = player('Ada', { locale: 'de', communityLocale: 'en', community: 'alt-texts' })
    await ada.run('fool start', { target: 'pizza', sample: 'lion' })
    const [card, written] = picturesOf(await ada.run('fool write', { text: 'pizza' }))
    expect(`${card!.alt} ${written!.alt}`).toContain('Der Kopf eines Löwen vor goldenem Abendhimmel.')
  })
})

test('what is posted unasked is in the language that came first, until a moderator brings or chooses another', async () => {
  const store = await openStore('sqlite::memory:')
  const place = { platform: 'playground', community: 'here', channel: 'games' } as const
  const heard = async (communityLocale: string, moderator: boolean) => {
    const person = { id: 'p', name: 'P', moderator }
    await rememberLocale(store, await settingsOf(store, place), { place, person, communityLocale })
    return communityLanguage(await settingsOf(store, place))
  }
  expect(await heard('de-AT', false)).toBe('de')
  expect(await heard('en-GB', false)).toBe('de')
  expect(await heard('en-GB', true)).toBe('en')
  await changeSetting(store, place, 'language', 'de')
  expect(await heard('en-US', true)).toBe('de')
  await store.close()
})

describe('one more file is one more language', () => {
  const root = mkdtempSync(join(tmpdir(), 'languages-'))
  afterEach(() => {
    vi.doUnmock('../src/root.ts')
    vi.resetModules()
    rmSync(root, { recursive: true })
  })

  test('it is in the settings, and in the names of commands', async () => {
    mkdirSync(join(root, 'assets', 'languages'), { recursive: true })
    for (const name of readdirSync(projectRoot).filter((each) => each !== 'assets'))
      symlinkSync(join(projectRoot, name), join(root, name))
    for (const name of readdirSync(join(projectRoot, 'assets')).filter((each) => each !== 'languages'))
      symlinkSync(join(projectRoot, 'assets', name), join(root, 'assets', name))
    for (const name of readdirSync(folder))
      symlinkSync(join(folder, name), join(root, 'assets', 'languages', name))
    const spanish = { language: 'Español', guess: { name: 'adivinar' } }
    writeFileSync(join(root, 'assets', 'languages', 'es.json'), JSON.stringify(spanish))

    vi.resetModules()
    vi.doMock('../src/root.ts', () => ({ projectRoot: root }))
    const { commands } = await import('../commands/index.ts')
    const { declareCommands } = await import('../src/platforms/discord/declare.ts')
    const declared = JSON.parse(JSON.stringify(declareCommands(commands))) as {
      name: string
      name_localizations: Record<string, string>
      options: { name: string; choices: { name: string; value: string }[] }[]
    }[]
    const find = (name: string) => declared.find((each) => each.name === name)!
    expect(find('guess').name_localizations).toMatchObject({
      de: 'raten',
      'es-ES': 'adivinar',
      'es-419': 'adivinar',
    })
    const languages = find('settings').options.find(({ name }) => name === 'language')!.choices
    expect(languages.map(({ name, value }) => [value, name])).toEqual([
      ['en', 'English'],
      ['de', 'Deutsch'],
      ['es', 'Español'],
    ])
  })
})
