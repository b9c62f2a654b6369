import { createHash } from 'node:crypto'
import { isProfane } from '../neurons/profanity.ts'
import { readable, resembles } from '../text.ts'
import type { CommunitySettings } from './community.ts'
import type { Person } from './context.ts'

export const botName = 'Neuron Games'

const adjectives =
  'Amber Brave Breezy Bright Calm Clever Cosmic Curious Dapper Electric Gentle Golden Happy Jolly Lucky Mellow Merry Nimble Quiet Rosy Silver Sunny Velvet Witty'.split(
    ' ',
  )
const animals =
  'Axolotl Badger Beaver Crane Dolphin Falcon Fox Gecko Heron Ibis Koala Lemur Lynx Marten Narwhal Octopus Otter Owl Panda Puffin Robin Seal Tapir Wombat'.split(
    ' ',
  )

/** "Amber Otter", for people without a name that can be shown; always the same. @param hex at least four digits of theirs */
export function inventedName(hex: string): string {
  const pick = (words: readonly string[], from: number): string =>
    words[Number.parseInt(hex.slice(from, from + 2), 16) % words.length]!
  return `${pick(adjectives, 0)} ${pick(animals, 2)}`
}

/**
 * The person as the bot calls them. Discord and Slack take names that show nothing, turn the text beside them around,
 * are ours, or are rude: people who have one play like everybody else, under an invented name.
 * @param settings absent if there is no community to mind a rude name
 */
export function asCalled(person: Person, settings?: Pick<CommunitySettings, 'profanity'>): Person {
  const name = readable(person.name)
  const unfit = name === '' || resembles(name, botName) || (settings?.profanity === true && isProfane(name))
  return {
    ...person,
    name: unfit ? inventedName(createHash('sha256').update(person.id).digest('hex')) : name,
  }
}
