import { describe, expect, test } from 'vitest'
import { english } from '../../../src/language.ts'
import { describeCommands } from '../../../src/platforms/playground/describe.ts'
import type { PageCommand, PageOption, Say } from '../../../src/platforms/playground/page.ts'
import { testCommands } from '../test-commands.ts'

interface Line {
  command: PageCommand
  given: { option: PageOption; value: string; named: boolean }[]
  word: string
}

// The page's own module, which is plain JavaScript.
const page: string = '../../../assets/playground/command-line.js'
const { parseLine, commandsFor, optionsFor, nameOf, whyNone } = (await import(page)) as {
  parseLine: (line: string, commands: readonly PageCommand[]) => Line | undefined
  commandsFor: (line: string, commands: readonly PageCommand[]) => PageCommand[]
  optionsFor: (line: Line) => PageOption[]
  nameOf: (command: PageCommand) => string
  whyNone: (
    line: string,
    commands: readonly PageCommand[],
    me: { moderator: boolean; mayModerate: boolean },
    t: Say,
  ) => string
}

const say: Say = (key, values) => english(key, { ...values })
const commands = describeCommands(testCommands, english)

const given = (line: string) =>
  Object.fromEntries(
    (parseLine(line, commands)?.given ?? []).map(({ option, value }) => [option.name, value.trim()]),
  )

const options = (line: string) => optionsFor(parseLine(line, commands)!).map(({ name }) => name)

const named = (line: string) => commandsFor(line, commands).map(nameOf)

describe('a typed line', () => {
  test.each([
    ['/contest start target:school bus ink:much', { target: 'school bus', ink: 'much' }],
    ['/contest start school bus ink:much', { target: 'school bus', ink: 'much' }],
    ['/contest start ink:much target:a: b', { target: 'a: b', ink: 'much' }],
    ['/Contest Start TARGET:x', { target: 'x' }],
    ['/neurons 5', { top: '5' }],
    ['/neurons', {}],
    ['/poll whatever', {}],
  ])('%s', (line, values) => {
    expect(given(line)).toEqual(values)
  })

  test.each(['hello', '/neuronsx', '/contest', '/contest startle', ''])(
    '"%s" is not a complete command',
    (line) => {
      expect(parseLine(line, commands)).toBeUndefined()
    },
  )

  test.each([
    ['/nothing at all', 'There is no command "/nothing"; type "/" to see them all.'],
    ['/contest', 'Please type one of: /contest start.'],
    ['/contest end', 'This is a command for moderators. To try them, press your name.'],
  ])('why "%s" cannot be sent', (line, sentence) => {
    expect(whyNone(line, commands, { moderator: false, mayModerate: true }, say)).toBe(sentence)
  })

  test('moderators are offered all subcommands; somebody who can’t become one is not told how', () => {
    const moderator = { moderator: true, mayModerate: true }
    expect(whyNone('/contest', commands, moderator, say)).toBe(
      'Please type one of: /contest start, /contest end.',
    )
    const player = { moderator: false, mayModerate: false }
    expect(whyNone('/contest end', commands, player, say)).toBe('This is a command for moderators.')
  })

  test('commands are found by their beginning first, then by any part', () => {
    expect(named('/con')).toEqual(['/contest start', '/contest end'])
    expect(named('/e')[0]).toBe('/everything')
    expect(named('/end')).toEqual(['/contest end'])
    expect(named('end')).toEqual([])
  })

  test('only options that are not given yet are offered, and none while a value is missing', () => {
    expect(options('/contest start ')).toEqual(['target', 'ink', 'public'])
    expect(options('/contest start target:')).toEqual([])
    expect(options('/contest start target:ipod ')).toEqual(['ink', 'public'])
    expect(options('/contest start target:ipod p')).toEqual(['public'])
  })
})
