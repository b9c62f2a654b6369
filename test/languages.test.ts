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
import { fool } from '../commands/fool.ts'
import { guess } from '../commands/guess.ts'
import { UserError } from '../src/errors.ts'
import { english, languageOf, languages, say, translator } from '../src/language.ts'
import { projectRoot } from '../src/root.ts'
import { sampleOf, steps } from './commands/fool-steps.ts'
import { type Answer, labelsOf, picturesOf, pictureSource, textOf } from './commands/harness.ts'
import { openHome } from './commands/home.ts'
import { blankGallery } from './commands/play.ts'

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
  test.each(others)('of %s has every key of the English one and none besides', (language) => {
    expect(keysOf(language).toSorted()).toEqual(keysOf('en').toSorted())
  })

  test.each(others)('of %s says the same values', (language) => {
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

  test('has no sentence that nobody says', () => {
    const code = ['src', 'commands']
      .flatMap((where) => readdirSync(join(projectRoot, where), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
      .join('\n')
    const written = new Set([...code.matchAll(/'([a-z]\w*(?:\.\w+)*)'/g)].map(([, key]) => key))
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
  ])('of somebody with the locale "%s" is %s', (locale, language) => {
    expect(languageOf(locale)).toBe(language)
  })

  test('says a mistake as a sentence of its own, and logs have it in English', () => {
    const error = new UserError('not-found', 'errors.noCommand', { values: { typed: '/x' } })
    expect(error.message).toBe('There is no command "/x"; /help lists them all.')
    expect(error.in(translator('de'))).toBe('Einen Befehl „/x“ gibt es nicht; /help zeigt alle.')
    expect(UserError.unpack(JSON.parse(JSON.stringify(error.pack()))).in(translator('de'))).toBe(
      error.in(translator('de')),
    )
  })

  test('says what a person wrote as it is, and refuses to leave a value out', () => {
    const line = '$t(language) {{now}} $1 <b>'
    expect(english('guess.toShare', { line })).toBe(`To share: ${line}`)
    expect(() => english('guess.toShare')).toThrow('"line" is missing')
  })

  test('says sentences within sentences', () => {
    const values = { line: { key: 'guess.again' } } as const
    expect(say({ key: 'guess.toShare', values }, translator('de'))).toBe('Zum Teilen: Noch eine Runde')
  })
})

describe('a command is played in the language of who sees it', () => {
  const { player, services } = openHome([guess, fool], { gallery: blankGallery })
  const german = { locale: 'de', communityLocale: 'de' }

  /** All that can be read. */
  const read = (answer: Answer): string[] => [
    ...textOf(answer).split('\n'),
    ...labelsOf(answer),
    ...picturesOf(answer).map(({ alt }) => alt),
    ...answer.progress.map(({ text }) => text),
  ]

  test.each(['look', 'pictures', 'which'])('/guess round:%s', async (round) => {
    const names = new Set(services().catalogue.units.map(({ name }) => name))
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
    const said = new Set(await play({ community: `english-${round}` }))
    const gesagt = await play({ community: `german-${round}`, ...german })
    expect(gesagt.filter((sentence) => said.has(sentence) && !names.has(sentence))).toEqual([])
  })

  test('/fool', async () => {
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
    const said = new Set(await play('english-fool', {}))
    const gesagt = await play('german-fool', german)
    expect(gesagt.filter((sentence) => sentence !== '' && said.has(sentence))).toEqual([])
  })

  test('the question is in the language of the community, the answer in that of the person', async () => {
    const ada = player('Ada', { locale: 'de', communityLocale: 'en' })
    const question = await ada.run('guess', { round: 'look' })
    expect(textOf(question)).toContain('Which neuron is this?')
    expect(textOf(await ada.press(question, labelsOf(question)[0]!))).toContain('Richtige in Folge')
  })
})

describe('a file more is a language more', () => {
  const root = mkdtempSync(join(tmpdir(), 'languages-'))
  afterEach(() => {
    vi.doUnmock('../src/root.ts')
    vi.resetModules()
    rmSync(root, { recursive: true })
  })

  test('in the settings, and in the names of commands', async () => {
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
