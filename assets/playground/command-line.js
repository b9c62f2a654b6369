/**
 * What a typed line means: "/fool write text:hello world where:top". A value extends to the next option's
 * name, so it needs no quotes; words before the first name go to the first option that takes words.
 * @import { PageCommand, PageOption, PagePerson, Say } from '../../src/platforms/playground/page.ts'
 * @typedef {{ option: PageOption, value: string, named: boolean }} Given
 * @typedef {{ command: PageCommand, given: Given[], word: string }} Line `word`: the last word, which may be unfinished
 */

/** @param {PageCommand} command */
export const nameOf = ({ path }) => `/${path.join(' ')}`

/**
 * @param {string} line
 * @param {readonly PageCommand[]} commands
 * @returns {Line | undefined} undefined if it doesn't begin with a command's whole name
 */
export function parseLine(line, commands) {
  const text = line.trimStart()
  const command = commands
    .filter((each) => `${text.toLowerCase()} `.startsWith(`${nameOf(each)} `))
    .sort((a, b) => b.path.length - a.path.length)[0]
  if (!command) return undefined
  const rest = text.slice(nameOf(command).length)
  const names = command.options.flatMap(({ name, label }) => [name, label]).join('|')
  const [free = '', ...parts] = names === '' ? [rest] : rest.split(new RegExp(`(?:^|\\s)(${names}):`, 'i'))
  /** @type {Given[]} */
  const given = []
  for (let index = 0; index < parts.length; index += 2) {
    const typed = parts[index]?.toLowerCase()
    const option = command.options.find(({ name, label }) => name === typed || label.toLowerCase() === typed)
    if (option) given.push({ option, value: (parts[index + 1] ?? '').trimStart(), named: true })
  }
  const option = free.trim() === '' ? undefined : firstFor(command, given)
  if (option) given.unshift({ option, value: free.trimStart(), named: false })
  return { command, given, word: /\S*$/.exec(rest)?.[0] ?? '' }
}

/** The options of moderators' commands are only changed by name. @param {PageCommand} command @param {Given[]} given */
function firstFor({ options, moderators }, given) {
  const left = options.filter(
    (option) => option.type !== 'picture' && !given.some((each) => each.option === option),
  )
  return left.find(({ required }) => required) ?? (moderators ? undefined : left[0])
}

/**
 * The commands that a line could become.
 * @param {string} line
 * @param {readonly PageCommand[]} commands
 */
export function commandsFor(line, commands) {
  const typed = line.trimStart().toLowerCase()
  if (!typed.startsWith('/')) return []
  const word = typed.slice(1)
  const begins = commands.filter((command) => nameOf(command).startsWith(typed))
  const holds = commands.filter((command) => word !== '' && nameOf(command).includes(word))
  return [...new Set([...begins, ...holds])]
}

/**
 * Why a line that looks like a command is not one that this person can send.
 * @param {string} line
 * @param {readonly PageCommand[]} commands all of them, including the moderators'
 * @param {Pick<PagePerson, 'moderator' | 'mayModerate'>} me
 * @param {Say} t
 */
export function whyNone(line, commands, { moderator, mayModerate }, t) {
  const word = line.trim().split(/\s/)[0] ?? ''
  const meant = commands.filter(({ path }) => `/${path[0]}` === word.toLowerCase())
  if (meant.length === 0) return t('page.write.noCommand', { typed: word })
  const usable = meant.filter((command) => moderator || !command.moderators)
  if (usable.length > 0 && !parseLine(line, commands))
    return t('page.write.oneOf', { all: usable.map(nameOf).join(', ') })
  return mayModerate ? t('page.write.moderate') : t('page.write.forModerators')
}

/**
 * The options whose name could come next.
 * @param {Line} line
 */
export function optionsFor({ command, given, word }) {
  const last = given.at(-1)
  if (last?.named && last.value.trim() === '') return []
  return command.options.filter(
    (option) =>
      [option.name, option.label].some((name) => name.toLowerCase().startsWith(word.toLowerCase())) &&
      !given.some((each) => each.named && each.option === option),
  )
}

/**
 * The values that the page knows for an option; others come from the server.
 * @param {PageOption} option
 * @param {string} typed
 * @param {readonly string[]} channels
 * @param {Say} t
 */
export function knownValues(option, typed, channels, t) {
  const all =
    option.type === 'boolean'
      ? [t('page.write.yes'), t('page.write.no')].map((value) => ({ value, label: value }))
      : option.type === 'channel'
        ? channels.map((value) => ({ value, label: `#${value}` }))
        : option.choices
  const wanted = typed.trim().toLowerCase()
  return all.filter(({ value, label }) => [value, label].some((text) => text.toLowerCase().includes(wanted)))
}
