import type { ActivationMap } from '../clip/picture-encoder.ts'

/** One unit over the square that the model saw, row after row. */
export interface HeatMap {
  readonly width: number
  readonly height: number
  readonly data: Float32Array
}

/** A unit's activations before the ReLU: above zero where it fires. */
export function heatMapOf({ width, height, data }: ActivationMap, unit: number): HeatMap {
  const places = width * height
  return { width, height, data: data.slice(unit * places, (unit + 1) * places) }
}
