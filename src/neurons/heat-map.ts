import type { ActivationMap } from '../clip/picture-encoder.ts'
import { mostBelowMean, strongest } from './strength.ts'

/** One unit's activations over the square that the model saw, row by row. */
export interface HeatMap {
  readonly width: number
  readonly height: number
  readonly data: Float32Array
}

/**
 * Which units' maps are wanted: the whole map, or those of the units that fire most and of those furthest below their
 * mean. The whole map of RN50x4 is 829 KB; a dozen units of it are 4 KB.
 */
export type MapsWanted =
  | 'all'
  | {
      readonly strongest: number
      readonly inhibited: number
      /** Units that are never shown, so never among them. */
      readonly without: readonly number[]
    }

/** Activations of some units before the ReLU: [units, height, width]. */
export interface UnitMaps {
  readonly units: readonly number[]
  readonly height: number
  readonly width: number
  readonly data: Float32Array
}

interface Measured {
  readonly map: ActivationMap
  readonly strengths: Float32Array
  readonly deviations: Float32Array
}

/** The wanted units' part of a whole map. */
export function mapsOf({ map, strengths, deviations }: Measured, wanted: MapsWanted): UnitMaps {
  const { channels, height, width, data } = map
  if (wanted === 'all')
    return { units: Array.from({ length: channels }, (_, unit) => unit), height, width, data }
  const hidden = new Set(wanted.without)
  const units = [
    ...new Set([
      ...strongest(strengths, wanted.strongest, hidden),
      ...mostBelowMean(deviations, wanted.inhibited, hidden),
    ]),
  ]
  const places = height * width
  const some = new Float32Array(units.length * places)
  for (const [at, unit] of units.entries())
    some.set(data.subarray(unit * places, (unit + 1) * places), at * places)
  return { units, height, width, data: some }
}

/** A unit's activations before the ReLU: above zero where it fires. @throws Error if its map was not asked for */
export function heatMapOf({ units, width, height, data }: UnitMaps, unit: number): HeatMap {
  const at = units.indexOf(unit)
  if (at < 0) throw new Error(`the map of unit ${unit} was not asked for`)
  const places = width * height
  return { width, height, data: data.slice(at * places, (at + 1) * places) }
}
