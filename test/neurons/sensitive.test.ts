import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openPack } from '../../src/clip/pack.ts'
import { createCatalogue } from '../../src/neurons/catalogue.ts'
import { isSensitive } from '../../src/neurons/sensitive.ts'
import { projectRoot } from '../../src/root.ts'

/** Labels from several lines, separated by commas. */
const lines = (...text: string[]): string[] => text.flatMap((line) => line.split(', '))

describe('what may not be shown beside a member’s picture', () => {
  test.each(
    lines(
      'east africa, Asian, Black people, dark skin, illegal immigration, gorillas',
      'church, Churches, mosque, Jesus Christ, star of David, Hindu temple, Judaism, rabbis',
      'LGBTQ+, transgender flag, lesbians, pregnant woman, male, naked, milfs, middle finger',
      'mental illness, depression, deaf person, ear with hearing aid, wheelchair symbol, sick',
      'terrorism / Islam, Hitler / WWII Germany, swastika, hammer sickle, prisoner, racist',
      'Donald Trump, Obama, Vladimir Putin, Israel / Palestine, U.S. president',
      'bitches, fuck, fuuuck, sh1t, tranny, dildos',
    ),
  )('%s is sensitive', (label) => expect(isSensitive(label)).toBe(true))

  test.each(
    lines(
      'christmas tree, santa claus, angel, cross mark, crossed swords, holy, yoga, folded hands',
      'chess bishop, temple, vatican city, peace symbol, atom symbol, killer whale',
      'south africa, flag of somalia, african elephant, united arab emirates, british virgin islands',
      'brown, black cat, white heart, yellow, blonde, french fries, chihuahua, teddy bear',
      'face vomiting, face with thermometer, sad, crying face, pill, hospital, monarch, joint',
      'peacock, cockroach, titmouse, homarus americanus, classic, grass, analysis, grapes',
      'spider, man, woman, princess, bomb, cannon, president, statue of liberty, twitter',
    ),
  )('%s is not', (label) => expect(isSensitive(label)).toBe(false))

  test('accents and case make no difference', () => {
    expect(isSensitive('  ALZHEIMÉR  ')).toBe(true)
  })

  test('a harmless phrase hides nothing beside it', () => {
    expect(isSensitive('chess bishop')).toBe(false)
    expect(isSensitive('chess bishop, bishop')).toBe(true)
  })

  test('every topic is there with its reason, and no entry is there twice', () => {
    const { topics } = JSON.parse(readFileSync(join(projectRoot, 'assets', 'sensitive.json'), 'utf8')) as {
      topics: { topic: string; why: string; words: string[]; alone: string[] }[]
    }
    expect(topics.map(({ topic }) => topic)).toEqual([
      'race and origin',
      'religion',
      'sex, gender and body',
      'illness and disability',
      'extremism and crime',
      'politics',
    ])
    const entries = topics.flatMap(({ words, alone }) => [...words, ...alone])
    expect(entries.filter((entry, i) => entries.indexOf(entry) !== i)).toEqual([])
    expect(topics.filter(({ why }) => why === '')).toEqual([])
    expect(topics.flatMap(({ words }) => words).filter((word) => !isSensitive(word))).toEqual([])
  })

  test('marks the pocket model’s units by name, or by number if only the pictures give them away', async () => {
    const { units } = createCatalogue(await openPack(join(projectRoot, 'models', 'pocket')))
    const marked = units.filter(({ sensitive }) => sensitive).map(({ name }) => name)
    expect(marked).toEqual(expect.arrayContaining(['church', 'mosque', 'transgender flag', 'deaf person']))
    expect(units[2]).toMatchObject({ name: 'flag of United Arab Emirates', sensitive: true })
    expect(units.filter(({ name }) => name === 'spider').every(({ sensitive }) => !sensitive)).toBe(true)
  })
})
