import { expect, test } from 'vitest'
import { english } from '../../src/language.ts'
import { howNamed } from '../../src/neurons/how-named.ts'

test('a name says how sure it is and where it comes from', () => {
  const unit = { certainty: 'likely', namedBy: 'our probe set, AUPRC 0.71' } as const
  expect(howNamed(unit, english)).toBe('likely, our probe set, AUPRC 0.71')
})

test('a published name is called unproved, and not published, until the model has answered to it here', () => {
  const namedBy = "authors' label, not proved on this machine"
  expect(howNamed({ certainty: 'published', namedBy }, english)).toBe(
    "not proved on this machine, authors' label",
  )
})
