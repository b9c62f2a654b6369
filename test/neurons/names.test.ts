import { describe, expect, test } from 'vitest'
import { sameName } from '../../src/neurons/same-name.ts'
import { writtenName, writtenUnitName } from '../../src/neurons/written-name.ts'

describe('a label as a person would write it', () => {
  test.each([
    ['flag of lesotho', 'flag of Lesotho'],
    ['flag of antigua and barbuda', 'flag of Antigua and Barbuda'],
    ['flag of trinidad tobago', 'flag of Trinidad and Tobago'],
    ['flag of st kitts nevis', 'flag of St. Kitts and Nevis'],
    ['flag of hong kong sar china', 'flag of Hong Kong SAR China'],
    ['statue of liberty', 'Statue of Liberty'],
    ['mount fuji', 'Mount Fuji'],
    ['globe showing europe-africa', 'globe showing Europe-Africa'],
    ['windsor tie', 'Windsor tie'],
    ['cd player', 'CD player'],
    ['mans shoe', 'man’s shoe'],
    ['womens room', 'women’s room'],
    ['heaven', 'heaven'],
    ['new york', 'New York'],
    ['great dane', 'Great Dane'],
    ['china cabinet', 'china cabinet'],
    ['japanese castle', 'Japanese castle'],
    ['pizza slice', 'pizza slice'],
  ])('%s', (label, written) => expect(writtenName(label)).toBe(written))

  test('a unit that is called only by a country’s name is called by the flag', () => {
    const flags = new Map([['lesotho', 'flag of lesotho']])
    expect(writtenUnitName('lesotho / pizza', flags)).toBe('flag of Lesotho / pizza')
  })
})

describe('two names of one thing', () => {
  test.each([
    ['cat', 'cat face', true],
    ['malawi / micronesia', 'flag of micronesia', true],
    ['Ambulances', 'ambulance', true],
    ['cat', 'cattle', false],
    ['lion', 'tiger', false],
    ['', 'tiger', false],
  ])('"%s" and "%s": %s', (a, b, same) => expect(sameName(a, b)).toBe(same))
})
