import type { Command, Invocation } from '../../chat/command.ts'
import type { RawOptions } from '../../chat/parse-options.ts'
import { optionMeant } from '../../chat/options.ts'
import { own } from '../../own.ts'
import { unescaped } from './escape.ts'

export interface Typed {
  readonly path: readonly string[]
  readonly invocation: Invocation | undefined
  readonly raw: RawOptions
}

/** name:value, name:"two words" or a bare word; Slack turns quotes into curly ones, a phone writes a capital first. */
const token = /(?:([\p{L}_]+):)?(?:["“”„]([^"“”]*)["“”]|(\S+))/gu

/**
 * The text after a slash command: a subcommand if the command has some, then options as `name:value`.
 * Bare words go to the first option that takes text and was not named.
 */
export function parseText(command: Command, text: string): Typed {
  let rest = text.trim()
  let invocation: Invocation | undefined
  const path = [command.name]
  if ('subcommands' in command) {
    const [word = ''] = rest.split(/\s+/, 1)
    const name = word.toLowerCase()
    invocation = own(command.subcommands, name)
    if (name) path.push(name)
    rest = rest.slice(word.length).trim()
  } else {
    invocation = command
  }
  const declared = invocation?.options ?? {}
  const raw: Record<string, string> = {}
  const bare: string[] = []
  for (const [whole, typed, quoted, word] of rest.matchAll(token)) {
    const name = typed && optionMeant(declared, typed.toLowerCase())
    if (name) raw[name] = quoted ?? word ?? ''
    else bare.push(quoted ?? whole)
  }
  const first = Object.keys(declared).find((name) => !(name in raw) && takesWords(declared[name]!.type))
  if (bare.length > 0) raw[first ?? bare[0]!] = bare.join(' ')
  return { path, invocation, raw: unwrapped(raw) }
}

const takesWords = (type: string): boolean => !['picture', 'channel', 'role'].includes(type)

/** Slack writes a chosen channel as <#C123|general> and a user group as <!subteam^S123|@group>. */
const unwrapped = (raw: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(raw).map(([name, value]) => [
      unescaped(name),
      unescaped(value.replace(/^<(?:#|!subteam\^)([A-Z0-9]+)(?:\|[^>]*)?>$/, '$1')),
    ]),
  )
