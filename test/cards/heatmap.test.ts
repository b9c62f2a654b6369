import { converter } from 'culori'
import { describe, expect, test } from 'vitest'
import { drawHeatMap, heatColour } from '../../src/cards/heatmap.ts'

const oklab = converter('oklab')

/** A map that is zero except for one cell. */
function spot(width: number, height: number, x: number, y: number, value = 2) {
  const data = new Float32Array(width * height)
  data[y * width + x] = value
  return { width, height, data }
}

const middle = (cell: number, cells: number, side: number): number =>
  Math.floor(((cell + 0.5) / cells) * side)

/** The opacity in the middle of a cell. */
function opacityAt(map: ReturnType<typeof spot>, tone: 'warm' | 'cool', x: number, y: number): number {
  const canvas = drawHeatMap(map, tone)
  const pixel = canvas
    .getContext('2d')
    .getImageData(middle(x, map.width, canvas.width), middle(y, map.height, canvas.height), 1, 1)
  return pixel.data[3]!
}

describe('the map', () => {
  test('is nearly opaque where the unit fires and clear elsewhere, in maps of any shape', () => {
    for (const map of [spot(7, 7, 5, 1), spot(9, 9, 0, 8), spot(1, 1, 0, 0), spot(3, 5, 2, 4)]) {
      const opacities = Array.from(map.data, (_, cell) =>
        opacityAt(map, 'warm', cell % map.width, Math.floor(cell / map.width)),
      )
      const [peak] = opacities.splice(map.data.indexOf(2), 1)
      expect(peak).toBeGreaterThan(180)
      expect(Math.max(0, ...opacities)).toBeLessThan(25)
    }
  })

  test('has its own scale: a weak map looks like a strong one', () => {
    expect(drawHeatMap(spot(7, 7, 2, 2, 0.01), 'warm').data()).toEqual(
      drawHeatMap(spot(7, 7, 2, 2, 50), 'warm').data(),
    )
  })

  test('shows what is above zero warm and what is below zero cool', () => {
    expect(opacityAt(spot(7, 7, 3, 3, -2), 'warm', 3, 3)).toBe(0)
    expect(opacityAt(spot(7, 7, 3, 3, -2), 'cool', 3, 3)).toBeGreaterThan(180)
  })

  test('is clear where a unit is silent', () => {
    const silent = drawHeatMap(spot(7, 7, 0, 0, 0), 'warm').data()
    expect(silent.every((value) => value === 0)).toBe(true)
  })
})

describe.each(['warm', 'cool'] as const)('the %s scale', (tone) => {
  const lightness = Array.from({ length: 21 }, (_, i) => oklab(heatColour(i / 20, tone))!.l)

  test('gets lighter at every step, and no step is larger than twice the mean', () => {
    const steps = lightness.slice(1).map((l, i) => l - lightness[i]!)
    const mean = (lightness.at(-1)! - lightness[0]!) / steps.length
    expect(mean).toBeGreaterThan(0.02)
    expect(Math.min(...steps)).toBeGreaterThan(0)
    expect(Math.max(...steps)).toBeLessThan(2 * mean)
  })

  test('ends in the colours it should', () => {
    expect(heatColour(-1, tone)).toBe(heatColour(0, tone))
    expect(heatColour(2, tone)).toBe(heatColour(1, tone))
  })
})
