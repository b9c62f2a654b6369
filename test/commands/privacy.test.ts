import { describe, expect, test } from 'vitest'
import { guess } from '../../commands/guess.ts'
import { hunt } from '../../commands/hunt.ts'
import { privacyFor } from '../../commands/privacy.ts'
import { scoresFor } from '../../commands/scores.ts'
import { recordKinds } from '../../src/kinds.ts'
import { labelsOf, textOf } from './harness.ts'
import { openHome } from './home.ts'
import { blankGallery, spider, thing } from './play.ts'

const games = [guess, hunt, scoresFor([guess, hunt])]
const { player, scope, services } = openHome([...games, privacyFor(games)], { gallery: blankGallery })

describe('/privacy', () => {
  async function play(name: string): Promise<void> {
    const ada = player(name)
    // Not every neuron has a word that hints at it.
    let question = await ada.run('guess', { round: 'look' })
    while (!labelsOf(question).some((label) => /a word/.test(label)))
      question = await ada.run('guess', { round: 'look' })
    await ada.press(question, /a word/)
    await ada.press(question, labelsOf(question)[0]!)
    await ada.run('hunt start', { neuron: 'spider' })
    await ada.run('hunt enter', { picture: await thing(services(), spider) })
    await ada.press(await ada.run('scores'), /Hide me/)
  }
  /** Everything that the store holds about this community, as it is stored. */
  async function everything(): Promise<string> {
    const { store } = services()
    const names = new Set([
      'guess-question',
      'guess-answer',
      'guess-hint',
      'hunt',
      'hunt-entry',
      'hunt-picture',
      'score',
      'score-hidden',
    ])
    const kinds = recordKinds.filter(({ name }) => names.has(name))
    const found = await Promise.all(kinds.map((kind) => store.list(kind, scope())))
    return JSON.stringify(found.flat())
  }

  test('shows what is kept, in words and as a file, to the person alone', async () => {
    await play('Ada')
    const shown = await player('Ada').run('privacy show')
    expect(shown.visibility).toBe('person')
    expect(textOf(shown)).toContain('• Answers to /guess: 1')
    const file = shown.reply!.elements.find((element) => element.kind === 'file')!
    const kept = JSON.parse(Buffer.from(file.bytes).toString()) as Record<string, unknown[]>
    expect(Object.keys(kept)).toEqual(
      expect.arrayContaining([
        'guess-answer',
        'guess-hint',
        'hunt',
        'hunt-entry',
        'hunt-picture',
        'score-hidden',
      ]),
    )
    expect(JSON.stringify(kept['hunt-picture'])).toMatch(/a picture of \d+ bytes/)
  })

  test('deletes it after a confirmation, entries and pictures included, and nothing of others', async () => {
    await play('Ada')
    const bob = player('Bob')
    await bob.run('hunt enter', { picture: await thing(services(), spider, 1) })
    const asked = await player('Ada').run('privacy delete')
    expect(await everything()).toContain('"ada"')
    const done = await player('Ada').press(asked, 'Delete it all')
    expect(textOf(done)).toContain('Deleted:')
    const left = await everything()
    expect(left).not.toMatch(/"ada"|"Ada"/)
    expect(left).toContain('"bob"')
    expect(textOf(await player('Ada').run('privacy show'))).toBe(
      'I keep nothing about you in this community.',
    )
  })

  test('kept after all, nothing is gone', async () => {
    await play('Ada')
    const before = await everything()
    await player('Ada').press(await player('Ada').run('privacy delete'), 'Keep it')
    expect(await everything()).toBe(before)
  })
})
