import { UserError } from '../errors.ts'
import { english, type Key, languages, spoken, type Translate, translator } from '../language.ts'
import { own } from '../own.ts'
import type { Responder } from './responder.ts'
import {
  optionName,
  type Option,
  type Options,
  type OptionValue,
  type PictureSource,
  type Values,
  type ValuesOf,
} from './options.ts'

/** What a platform received: text as typed, or a picture; numbers and booleans if it tells them apart. */
export type RawOptions = Readonly<Record<string, string | number | boolean | PictureSource | undefined>>

/**
 * Checks what a person gave against what a command or form declares.
 * @param t of the person, who may be told what an option is for
 * @param nameOf what they know an option by, if that is not its name
 * @throws UserError 'bad-option' with one sentence that names the option and what it takes.
 */
export function parseOptions<Declared extends Options>(
  declared: Declared,
  raw: RawOptions,
  t = english,
  nameOf: (name: string) => string = (name) => name,
): ValuesOf<Declared> {
  for (const name of Object.keys(raw)) {
    if (raw[name] !== undefined && !Object.hasOwn(declared, name)) {
      const known = Object.keys(declared).map(nameOf).join(', ')
      throw known
        ? new UserError('bad-option', 'chat.noOption', { values: { name, all: known } })
        : new UserError('bad-option', 'chat.noOptions', { values: { name } })
    }
  }
  const values: [string, OptionValue][] = []
  for (const [name, option] of Object.entries(declared)) {
    const value = own(raw, name)
    if (value === undefined || value === '') {
      if (option.required)
        throw new UserError('bad-option', 'chat.missing', {
          values: { name: nameOf(name), what: spoken(option.description, t) },
        })
      continue
    }
    values.push([name, parse(nameOf(name), option, value, t)])
  }
  return Object.fromEntries(values) as ValuesOf<Declared>
}

/**
 * The same for a platform that has acknowledged already and calls options by the names of the person's language: what is
 * wrong is told to the person, and there are none.
 */
export async function optionsOrRefusal(
  declared: Options,
  raw: RawOptions,
  responder: Responder,
  t: Translate,
): Promise<Values | undefined> {
  try {
    return parseOptions(declared, raw, t, (name) => optionName(name, declared[name]!, t))
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    await responder.refuse(error.in(t), 'theirs')
    return undefined
  }
}

function parse(name: string, option: Option, value: OptionValue, t: Translate): OptionValue {
  const wrong = (key: Key, also: Record<string, string | number> = {}): UserError =>
    new UserError('bad-option', key, { values: { name, ...also } })
  if (option.type === 'picture') {
    if (typeof value !== 'object') throw wrong('chat.takes.picture')
    return value
  }
  if (typeof value === 'object') throw wrong('chat.takes.text')
  switch (option.type) {
    case 'integer':
    case 'number': {
      const number = typeof value === 'number' ? value : Number(String(value).replace(',', '.'))
      const { type, min = -Infinity, max = Infinity } = option
      if (!Number.isFinite(number) || (option.type === 'integer' && !Number.isInteger(number)))
        throw wrong(`chat.takes.${type}`)
      if (number < min || number > max)
        throw max === Infinity
          ? wrong(`chat.takes.${type}From`, { min })
          : wrong(`chat.takes.${type}FromTo`, { min, max })
      return number
    }
    case 'boolean': {
      const text = String(value).toLowerCase()
      if (['true', 'on', '1', ...inAll('words.yes')].includes(text)) return true
      if (['false', 'off', '0', ...inAll('words.no')].includes(text)) return false
      throw wrong('chat.takes.yesOrNo')
    }
    case 'choice': {
      const typed = String(value).toLowerCase()
      const choice = option.choices.find((each) =>
        [each.value, ...languages.map((language) => spoken(each.label, translator(language)))].some(
          (text) => text.toLowerCase() === typed,
        ),
      )
      if (!choice)
        throw wrong('chat.takes.oneOf', {
          all: option.choices.map(({ label }) => spoken(label, t)).join('; '),
        })
      return choice.value
    }
    case 'text': {
      const text = String(value).toWellFormed().trim()
      const { maxLength = 200 } = option
      if (text.length > maxLength) throw wrong('chat.takes.atMost', { most: maxLength, given: text.length })
      return text
    }
    case 'channel':
    case 'role': {
      const { type } = option
      const id = String(value).trim()
      // Written into a mention: what it is made of must not end that mention and begin another.
      if (!/^[\p{L}\p{M}\p{N} _.-]+$/u.test(id)) throw wrong(`chat.takes.${type}`)
      return id
    }
    default:
      return String(value)
  }
}

const inAll = (key: 'words.yes' | 'words.no'): string[] =>
  languages.map((language) => translator(language)(key).toLowerCase())
