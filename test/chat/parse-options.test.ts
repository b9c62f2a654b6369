import { describe, expect, test } from 'vitest'
import type { Options } from '../../src/chat/options.ts'
import { parseOptions } from '../../src/chat/parse-options.ts'

const declared = {
  which: { type: 'text', description: 'Number or name', required: true, maxLength: 10 },
  top: { type: 'integer', description: 'How many', min: 1, max: 10 },
  size: {
    type: 'choice',
    description: 'How large',
    choices: [
      { value: 'big', label: 'Very big' },
      { value: 'little', label: 'Small, very' },
    ],
  },
  now: { type: 'boolean', description: 'At once' },
  picture: { type: 'picture', description: 'Any picture' },
} as const satisfies Options

describe('options of a command', () => {
  test('come out with the declared types, however a platform sends them', () => {
    const options = parseOptions(declared, { which: ' spider ', top: '3', size: 'very big', now: 'yes' })
    expect(options.which).toBe('spider')
    expect(options.top).toBe(3)
    expect(options.size).toBe('big')
    expect(options.now).toBe(true)
    expect(options.picture).toBeUndefined()
  })

  test.each([
    [{}, 'Please give "which": number or name.'],
    [{ which: 'much too long a text' }, '"which" takes at most 10 characters, not 20.'],
    [{ which: 'a', top: '2.5' }, '"top" takes a whole number.'],
    [{ which: 'a', top: '11' }, '"top" takes a whole number from 1 to 10.'],
    [{ which: 'a', size: 'small' }, '"size" takes one of: Very big; Small, very.'],
    [{ which: 'a', now: 'perhaps' }, '"now" takes yes or no.'],
    [{ which: 'a', picture: 'cat.jpg' }, '"picture" takes a picture: attach or drop one.'],
    [
      { which: 'a', colour: 'red' },
      'There is no option "colour"; there are: which, top, size, now, picture.',
    ],
  ])('%j is refused with one sentence', (raw, sentence) => {
    expect(() => parseOptions(declared, raw)).toThrow(sentence)
  })
})
