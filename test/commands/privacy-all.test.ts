import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, expect, test } from 'vitest'
import { commands } from '../../commands/index.ts'
import { backup } from '../../src/store/backup.ts'
import { openStore } from '../../src/store/open.ts'
import { type Answer, labelsOf, type Player, textOf } from './harness.ts'
import { openHome } from './home.ts'
import { blankGallery, spider, thing } from './play.ts'

const folder = mkdtempSync(join(tmpdir(), 'privacy-'))
const url = `sqlite://${join(folder, 'store.sqlite')}`
const store = await openStore(url)
const { player, services } = openHome(commands, { gallery: blankGallery, store })
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

/** Everything in the store, of whatever kind, as a backup writes it. */
async function everything(): Promise<string> {
  const output = new PassThrough()
  const [dump] = await Promise.all([text(output), backup(url, output).then(() => output.end())])
  return dump
}

/** Nothing of this may be refused: it would leave no trace to delete. */
const done = ({ refused, ...answer }: Answer): Answer => {
  expect(refused).toBeUndefined()
  return { refused, ...answer }
}

/** Leaves a trace in every game. */
async function playAll(person: Player): Promise<void> {
  const picture = await thing(services(), spider)
  const card = done(await person.run('neurons', { picture }))
  done(await person.press(card, 'This name is wrong', { name: 'eight legs' }))
  done(await person.run('fool start', { target: 'pizza', sample: 'apple' }))
  const draft = done(await person.run('fool write', { text: 'pizza' }))
  done(await person.press(draft, 'Enter the contest'))
  done(await person.run('fool write', { text: 'pizza pizza' }))
  done(await person.run('fool extend', { by: '1 hour' }))
  done(await person.run('hunt start', { neuron: 'spider' }))
  done(await person.run('hunt enter', { picture }))
  const question = done(await person.run('guess', { round: 'look' }))
  done(await person.press(question, /a word|a picture/))
  for (const label of labelsOf(question).slice(0, 1)) done(await person.press(question, label))
  done(await person.run('spotlight here', { time: '9:00', timezone: 'UTC' }))
  const spotlight = done(await person.run('spotlight now'))
  done(await person.press(spotlight, labelsOf(spotlight)[0]!))
  done(await person.run('avatar'))
  done(await person.press(done(await person.run('scores')), /Hide me/))
  done(await person.run('fool end'))
}

test('after everything was played and deleted, nothing in the store tells of the person', async () => {
  const person = player('Xanthippe', { moderator: true })
  await playAll(person)
  const before = await everything()
  expect(before).toMatch(/xanthippe/i)
  const deleted = await person.press(await person.run('privacy delete'), 'Delete it all')
  for (const game of ['/neurons', 'neurons', 'contests', 'hunts', '/guess', 'neuron of the day', 'portraits'])
    expect(textOf(deleted).toLowerCase()).toContain(game)
  const left = await everything()
  expect(left.split('\n').filter((line) => /xanthippe/i.test(line))).toEqual([])
  expect(left.length).toBeGreaterThan(0)
})
