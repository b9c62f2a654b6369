import { describe, expect, test } from 'vitest'
import { coverOf, namedInFile, parseWords, rateOf } from '../../../src/games/fool/attack.ts'

describe('the automatic attack', () => {
  test('words come one to a line or separated by commas, with the label after an arrow', () => {
    expect(parseWords('# from the paper\ntrash -> Wastebasket\niPod, pizza\n\n')).toEqual([
      { word: 'trash', target: 'wastebasket' },
      { word: 'iPod', target: 'ipod' },
      { word: 'pizza', target: 'pizza' },
    ])
    expect(() => parseWords('\n# nothing\n')).toThrow('at least one word')
  })

  test('cover counts pixels that changed at all', () => {
    const clean = new Uint8Array(12)
    expect(coverOf(clean, Uint8Array.from([0, 0, 1, 0, 0, 0, 9, 9, 9, 0, 0, 0]))).toBe(0.5)
    expect(coverOf(clean, clean)).toBe(0)
  })

  test('a word succeeds if the target is the first answer and was not before', () => {
    const trial = (before: string, after: string) => ({ before, after, cover: 0.1 })
    const trials = [trial('dog', 'pizza'), trial('pizza', 'pizza'), trial('cat', 'cat'), trial('cat', 'bus')]
    expect(rateOf({ word: 'PIZZA', target: 'pizza' }, trials)).toEqual({
      word: 'PIZZA',
      target: 'pizza',
      cover: expect.closeTo(0.1),
      success: 0.25,
    })
  })

  test('RTA-100’s file names say what is shown and what is written', () => {
    expect(namedInFile('label=dog_text=cat.png')).toEqual({ label: 'dog', text: 'cat' })
    expect(namedInFile('label=remote_control_text=Banana.jpg')).toEqual({
      label: 'remote control',
      text: 'banana',
    })
    expect(namedInFile('dog.png')).toBeUndefined()
  })
})
