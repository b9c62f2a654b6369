import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What test/packs/peer/export.py wrote: small architectures of open_clip with random weights. */
const home = join(import.meta.dirname, 'exports')

export const shapes = ['A1', 'B', 'A2', 'M', 'generic'] as const
export type Shape = (typeof shapes)[number]
export type Architecture = 'small-resnet' | 'small-vit'

const models: Record<Shape, readonly [pictures: string, texts: string]> = {
  A1: ['visual/model.onnx', 'textual/model.onnx'],
  A2: ['visual/model.onnx', 'textual/model.onnx'],
  B: ['visual/model.onnx', 'textual/model.onnx'],
  M: ['visual.onnx', 'textual.onnx'],
  generic: ['vision.onnx', 'text.onnx'],
}

export interface Export {
  readonly folder: string
  readonly pictures: string
  readonly texts: string
  readonly side: number
  /** uint8 [4,side,side,3] */
  readonly pixels: Uint8Array
  /** [4,77] */
  readonly tokens: Int32Array
  /** What PyTorch computed for them. */
  expected(what: 'activations' | 'activations-before-last' | 'embedding' | 'text'): Float32Array
}

export function exported(architecture: Architecture, shape: Shape): Export {
  const folder = join(home, architecture, shape)
  const texts = join(home, 'small-resnet', shape, models[shape][1])
  // What PyTorch computes does not depend on how the model is exported.
  const expected = join(home, architecture, 'expected')
  const read = (name: string): Uint8Array => Uint8Array.from(readFileSync(join(expected, `${name}.bin`)))
  const { side } = JSON.parse(readFileSync(join(expected, 'shape.json'), 'utf8')) as { side: number }
  return {
    folder,
    pictures: join(folder, models[shape][0]),
    texts,
    side,
    pixels: read('pictures'),
    tokens: new Int32Array(read('tokens').buffer as ArrayBuffer),
    expected: (what) => new Float32Array(read(what).buffer as ArrayBuffer),
  }
}
