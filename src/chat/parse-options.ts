import { UserError } from '../errors.ts'
import { english, languages, spoken, translator } from '../language.ts'
import { own } from '../own.ts'
import type { Responder } from './responder.ts'
import type { Option, Options, OptionValue, PictureSource, Values, ValuesOf } from './options.ts'

/** What a platform received: text as typed, or a picture; numbers and booleans where it tells them apart. */
export type RawOptions = Readonly<Record<string, string | number | boolean | PictureSource | undefined>>

/**
 * Checks what a person gave against what a command or form declares.
 * @throws UserError 'bad-option' with one sentence that names the option and what it takes.
 */
export function parseOptions<Declared extends Options>(
  declared: Declared,
  raw: RawOptions,
): ValuesOf<Declared> {
  for (const name of Object.keys(raw)) {
    if (raw[name] !== undefined && !Object.hasOwn(declared, name)) {
      const known = Object.keys(declared).join(', ')
      throw new UserError(
        'bad-option',
        `There is no option "${name}"; ${known ? `there are: ${known}.` : 'this takes none.'}`,
      )
    }
  }
  const values: [string, OptionValue][] = []
  for (const [name, option] of Object.entries(declared)) {
    const value = own(raw, name)
    if (value === undefined || value === '') {
      if (option.required)
        throw new UserError(
          'bad-option',
          `Please give "${name}": ${lowerFirst(spoken(option.description, english))}.`,
        )
      continue
    }
    values.push([name, parse(name, option, value)])
  }
  return Object.fromEntries(values) as ValuesOf<Declared>
}

/** The same for a platform that has acknowledged already: what is wrong is told to the person, and there are none. */
export async function optionsOrRefusal(
  declared: Options,
  raw: RawOptions,
  responder: Responder,
): Promise<Values | undefined> {
  try {
    return parseOptions(declared, raw)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    await responder.refuse(error.message, 'theirs')
    return undefined
  }
}

function parse(name: string, option: Option, value: OptionValue): OptionValue {
  const wrong = (takes: string): UserError => new UserError('bad-option', `"${name}" takes ${takes}.`)
  if (option.type === 'picture') {
    if (typeof value !== 'object') throw wrong('a picture: attach or drop one')
    return value
  }
  if (typeof value === 'object') throw wrong('text, not a picture')
  switch (option.type) {
    case 'integer':
    case 'number': {
      const number = typeof value === 'number' ? value : Number(String(value).replace(',', '.'))
      const { min = -Infinity, max = Infinity } = option
      const whole = option.type === 'integer' ? 'a whole number' : 'a number'
      if (!Number.isFinite(number) || (option.type === 'integer' && !Number.isInteger(number)))
        throw wrong(whole)
      if (number < min || number > max)
        throw wrong(`${whole} from ${min} to ${max}`.replace(' to Infinity', ' upwards'))
      return number
    }
    case 'boolean': {
      const text = String(value).toLowerCase()
      if (['true', 'yes', 'on', '1'].includes(text)) return true
      if (['false', 'no', 'off', '0'].includes(text)) return false
      throw wrong('yes or no')
    }
    case 'choice': {
      const typed = String(value).toLowerCase()
      const choice = option.choices.find((each) =>
        [each.value, ...languages.map((language) => spoken(each.label, translator(language)))].some(
          (text) => text.toLowerCase() === typed,
        ),
      )
      if (!choice) throw wrong(`one of: ${option.choices.map((each) => each.value).join(', ')}`)
      return choice.value
    }
    case 'text': {
      const text = String(value).toWellFormed().trim()
      const { maxLength = 200 } = option
      if (text.length > maxLength) throw wrong(`at most ${maxLength} characters, not ${text.length}`)
      return text
    }
    case 'channel':
    case 'role': {
      const id = String(value).trim()
      // Written into a mention: what it is made of must not end that mention and begin another.
      if (!/^[\p{L}\p{M}\p{N} _.-]+$/u.test(id)) throw wrong(`a ${option.type}`)
      return id
    }
    default:
      return String(value)
  }
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
