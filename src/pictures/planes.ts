import type { Plane, RawPicture } from './picture.ts'

/** Luma by ITU-R BT.601, as in JPEG: 0 to 255. */
export function luma({ width, height, data }: RawPicture): Plane {
  const plane = new Float32Array(width * height)
  for (let i = 0, j = 0; i < plane.length; i++, j += 3)
    plane[i] = 0.299 * data[j]! + 0.587 * data[j + 1]! + 0.114 * data[j + 2]!
  return { width, height, data: plane }
}

/** Cb and Cr as JPEG defines them, but centred on 0 (-128 to 128), at half the resolution, as in most JPEGs. */
export function chroma(picture: RawPicture): { blue: Plane; red: Plane } {
  const width = Math.max(1, picture.width >> 1)
  const height = Math.max(1, picture.height >> 1)
  const half = resized(picture, width, height).data
  const blue = new Float32Array(width * height)
  const red = new Float32Array(width * height)
  for (let i = 0, j = 0; i < blue.length; i++, j += 3) {
    const [r, g, b] = [half[j]!, half[j + 1]!, half[j + 2]!]
    blue[i] = -0.168736 * r - 0.331264 * g + 0.5 * b
    red[i] = 0.5 * r - 0.418688 * g - 0.081312 * b
  }
  return { blue: { width, height, data: blue }, red: { width, height, data: red } }
}

/** The picture at another size; each pixel is the mean of the area that it covers. */
export function resized(picture: RawPicture, width: number, height: number): RawPicture {
  if (width === picture.width && height === picture.height) return picture
  const means = averaged(Float32Array.from(picture.data), picture, 3, width, height)
  const data = new Uint8Array(means.length)
  for (let i = 0; i < means.length; i++) data[i] = means[i]! + 0.5
  return { width, height, data }
}

/** The same for a plane. */
export function resizedPlane(plane: Plane, width: number, height: number): Plane {
  if (width === plane.width && height === plane.height) return plane
  return { width, height, data: averaged(plane.data, plane, 1, width, height) }
}

/** Box-filtered resampling of interleaved channels, rows first. */
function averaged(
  data: Float32Array,
  from: { readonly width: number; readonly height: number },
  channels: number,
  width: number,
  height: number,
): Float32Array {
  const rows = new Float32Array(width * from.height * channels)
  const across = spans(from.width, width)
  for (let y = 0; y < from.height; y++)
    for (let x = 0; x < width; x++) {
      const { first, weights } = across[x]!
      const start = (y * from.width + first) * channels
      for (let c = 0; c < channels; c++) {
        let sum = 0
        for (let k = 0, at = start + c; k < weights.length; k++, at += channels)
          sum += weights[k]! * data[at]!
        rows[(y * width + x) * channels + c] = sum
      }
    }
  const out = new Float32Array(width * height * channels)
  const stride = width * channels
  const down = spans(from.height, height)
  for (let y = 0; y < height; y++) {
    const { first, weights } = down[y]!
    const to = y * stride
    for (let k = 0; k < weights.length; k++) {
      const weight = weights[k]!
      const at = (first + k) * stride
      for (let i = 0; i < stride; i++) out[to + i]! += weight * rows[at + i]!
    }
  }
  return out
}

/** For each target pixel the source pixels that it averages: a window at least one source pixel wide. */
function spans(from: number, to: number): { first: number; weights: number[] }[] {
  const step = from / to
  const reach = Math.max(1, step) / 2
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * step
    const start = Math.max(0, centre - reach)
    const end = Math.min(from, centre + reach)
    const first = Math.min(from - 1, Math.floor(start))
    const last = Math.max(first, Math.ceil(end - 1e-9) - 1)
    const weights = Array.from({ length: last - first + 1 }, (_, k) =>
      Math.max(0, Math.min(end, first + k + 1) - Math.max(start, first + k)),
    )
    const sum = weights.reduce((a, b) => a + b, 0)
    return { first, weights: weights.map((weight) => weight / sum) }
  })
}
