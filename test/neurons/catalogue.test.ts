import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { openPack, type Pack } from '../../src/clip/pack.ts'
import { type Catalogue, createCatalogue } from '../../src/neurons/catalogue.ts'
import { mostInhibited, topFirings } from '../../src/neurons/firing.ts'
import { projectRoot } from '../../src/root.ts'

let pack: Pack
let catalogue: Catalogue
beforeAll(async () => {
  pack = await openPack(join(projectRoot, 'models', 'pocket'))
  catalogue = createCatalogue(pack)
})

const names = (typed: string, options = { sensitive: false, limit: 5 }) =>
  catalogue.search(typed, options).map(({ name }) => name)
const numbers = (typed: string) =>
  catalogue.search(typed, { sensitive: true, limit: 5 }).map(({ unit }) => unit)

/** One value a unit, zero for the others. */
const measured = (values: Record<number, number>) => {
  const all = new Float32Array(1024)
  for (const [unit, value] of Object.entries(values)) all[Number(unit)] = value
  return all
}

describe('search', () => {
  test.each(['58', ' #58', 'unit 58', 'Unit  58'])('by number: "%s"', (typed) => {
    expect(numbers(typed)[0]).toBe(58)
  })

  test('the beginning of a number brings the units that begin with it', () => {
    expect(numbers('50')).toEqual([50, ...numbers('50').slice(1)])
    expect(numbers('50').every((unit) => String(unit).startsWith('50'))).toBe(true)
  })

  test('by name, the name itself before names that only contain it', () => {
    expect(names('train')[0]).toBe('train')
    expect(names('heart')).toEqual(expect.arrayContaining(['heart on fire', 'heart decoration']))
    expect(names('heart').indexOf('heart decoration')).toBeLessThan(
      names('heart', { sensitive: false, limit: 50 }).indexOf('two hearts'),
    )
  })

  test('by part of a name, whatever its case and accents', () => {
    expect(names('FLÓWER')).toContain('sunflower')
    expect(names('  Stone ')).toContain('gem stone')
  })

  test('among equal names, the better known first', () => {
    const found = catalogue.search('spider', { sensitive: false, limit: 5 })
    expect(found.map(({ certainty }) => certainty)).toEqual(
      [...found].map(({ certainty }) => certainty).sort((a, b) => (a === b ? 0 : a === 'agreed' ? -1 : 1)),
    )
  })

  test('nothing typed brings units whose names can be trusted', () => {
    const found = catalogue.search('', { sensitive: false, limit: 25 })
    expect(found).toHaveLength(25)
    expect(found.every(({ certainty }) => certainty === 'agreed')).toBe(true)
  })

  test('nothing found is an empty list', () => expect(names('xyzzy')).toEqual([]))

  test('sensitive ones only if they are allowed, by name and by number', () => {
    expect(names('church')).not.toContain('church')
    expect(catalogue.search('6', { sensitive: false, limit: 3 }).map(({ unit }) => unit)).not.toContain(6)
    expect(names('church', { sensitive: true, limit: 5 })).toContain('church')
  })
})

describe('what fires and what is held back', () => {
  const options = { limit: 3, sensitive: false }

  test('the strongest first, with name, sigma and percentile', () => {
    const strongest = topFirings(measured({ 58: 3, 92: 5, 140: 1, 100: 0.5 }), catalogue, options)
    expect(strongest.map(({ unit, named, sigma }) => [unit, named?.name, sigma])).toEqual([
      [92, 'train', 5],
      [58, 'spider', 3],
      [140, 'lion', 1],
    ])
    for (const { percentile } of strongest) {
      expect(percentile).toBeGreaterThan(90)
      expect(percentile).toBeLessThanOrEqual(100)
    }
  })

  test('only units that fire', () => {
    expect(topFirings(measured({ 58: 2 }), catalogue, options)).toHaveLength(1)
    expect(topFirings(measured({}), catalogue, options)).toEqual([])
  })

  test('sensitive units are left out unless they are allowed', () => {
    const strengths = measured({ 6: 9, 58: 2 })
    expect(topFirings(strengths, catalogue, options).map(({ unit }) => unit)).toEqual([58])
    expect(topFirings(strengths, catalogue, { limit: 3, sensitive: true }).map(({ unit }) => unit)).toEqual([
      6, 58,
    ])
  })

  test('the most inhibited are the furthest below what is usual', () => {
    const inhibited = mostInhibited(measured({ 58: -3, 92: -1, 140: 4 }), catalogue, options)
    expect(inhibited.map(({ unit, sigma }) => [unit, sigma])).toEqual([
      [58, -3],
      [92, -1],
    ])
  })

  test('a unit without a name is shown by its number', () => {
    const nameless = createCatalogue({ ...pack, units: pack.units.slice(0, 50) })
    const [first] = topFirings(measured({ 92: 5 }), nameless, options)
    expect(first).toMatchObject({ unit: 92, named: undefined, sigma: 5 })
  })
})
