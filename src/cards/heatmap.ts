import { createCanvas, ImageData, type Canvas } from '@napi-rs/canvas'
import { converter, formatRgb, interpolate, type Color } from 'culori'
import type { HeatMap } from '../neurons/heat-map.ts'

/** What fires glows warm, what is inhibited cool. */
export type HeatTone = 'warm' | 'cool'

/**
 * Both scales run through OKLab, which is perceptually uniform, from dark to bright, so they can be read without telling
 * hues apart. Zero is transparent, the strongest position of the map nearly opaque.
 */
const stops: Record<HeatTone, string[]> = {
  warm: ['#3b0f70', '#a31a75', '#e8483f', '#ff9a3c', '#fff1a8'],
  cool: ['#0b2a6b', '#1463c0', '#1f9fd8', '#6fd6e8', '#e2fbff'],
}
const strongestOpacity = 0.82
/** Side of the drawn map in pixels: large enough that further bilinear scaling shows no edges. */
const mapSide = 112
const toRgb = converter('rgb')

const tables = { warm: table('warm'), cool: table('cool') }

function table(tone: HeatTone): Uint8ClampedArray {
  const colour = interpolate(stops[tone], 'oklab')
  const rgba = new Uint8ClampedArray(256 * 4)
  for (let level = 0; level < 256; level++) {
    const { r, g, b } = toRgb(colour(level / 255) as Color)
    rgba.set([r * 255, g * 255, b * 255, opacity(level / 255) * 255], level * 4)
  }
  return rgba
}

/** Rises fast at first, so that weak activations are visible, and flattens towards the strongest. */
function opacity(share: number): number {
  return strongestOpacity * (1 - (1 - share) ** 2)
}

/** The colour of a share from 0 to 1 of the strongest activation, as CSS, without its opacity. */
export const heatColour = (share: number, tone: HeatTone): string => {
  const at = Math.round(Math.min(1, Math.max(0, share)) * 255) * 4
  const [r, g, b] = tables[tone].subarray(at, at + 3)
  return formatRgb({ mode: 'rgb', r: r! / 255, g: g! / 255, b: b! / 255 })
}

/**
 * Draws a map, to be stretched over the square that the model saw; bicubic (Catmull-Rom) between the centres of its
 * cells. Each map has its own scale, from zero to its peak. 'warm' shows what is above zero, 'cool' what is below.
 */
export function drawHeatMap(map: HeatMap, tone: HeatTone): Canvas {
  const sign = tone === 'warm' ? 1 : -1
  const cells = map.data.map((value) => Math.max(0, sign * value))
  const peak = cells.reduce((most, value) => Math.max(most, value), 0)
  const wide = stretched(cells, map.width, map.height, mapSide)
  const fine = transposed(
    stretched(transposed(wide, mapSide, map.height), map.height, mapSide, mapSide),
    mapSide,
    mapSide,
  )
  const rgba = new Uint8ClampedArray(mapSide * mapSide * 4)
  const colours = tables[tone]
  fine.forEach((value, pixel) => {
    const level = peak > 0 ? Math.round(Math.min(1, Math.max(0, value / peak)) * 255) : 0
    rgba.set(colours.subarray(level * 4, level * 4 + 4), pixel * 4)
  })
  const canvas = createCanvas(mapSide, mapSide)
  canvas.getContext('2d').putImageData(new ImageData(rgba, mapSide, mapSide), 0, 0)
  return canvas
}

/** Resamples rows of `width` values to `side` values; edge values repeat. */
function stretched(values: Float32Array, width: number, height: number, side: number): Float32Array {
  const out = new Float32Array(side * height)
  for (let x = 0; x < side; x++) {
    const place = ((x + 0.5) / side) * width - 0.5
    const left = Math.floor(place)
    const weights = catmullRom(place - left)
    const columns = [-1, 0, 1, 2].map((step) => Math.min(width - 1, Math.max(0, left + step)))
    for (let y = 0; y < height; y++) {
      let sum = 0
      for (let tap = 0; tap < 4; tap++) sum += weights[tap]! * values[y * width + columns[tap]!]!
      out[y * side + x] = sum
    }
  }
  return out
}

/** Weights of the four neighbours at `t` between the second and the third (Catmull and Rom, 1974). */
const catmullRom = (t: number): number[] => [
  ((2 - t) * t - 1) * t * 0.5,
  ((3 * t - 5) * t * t + 2) * 0.5,
  ((4 - 3 * t) * t + 1) * t * 0.5,
  (t - 1) * t * t * 0.5,
]

function transposed(values: Float32Array, width: number, height: number): Float32Array {
  const out = new Float32Array(values.length)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) out[x * height + y] = values[y * width + x]!
  return out
}
