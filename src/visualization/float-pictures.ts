import { type Graph, GraphError, ints, type Node, tensor } from '../onnx/index.ts'
import type { PackFacts } from '../clip/pack-schema.ts'

const node = (op: string, inputs: readonly string[], output: string, attributes = {}): Node => ({
  op,
  domain: '',
  name: output,
  inputs,
  outputs: [output],
  attributes,
})

/** A constant [1,3,1,1] in units of pixels, 0 to 255. */
const perChannel = (values: readonly number[]) =>
  tensor(
    'float32',
    [1, 3, 1, 1],
    values.map((value) => 255 * value),
  )

/**
 * The picture encoder with normalised pictures as its input, float32 [n,3,side,side]. If it took pixels (uint8
 * [n,side,side,3]), which have no gradient, nodes in front of it compute them from the normalised picture.
 *
 * @throws GraphError for pixels that are not cast to float32 first
 */
export function withFloatPictures(model: Graph, { side, mean, std }: PackFacts['picture']): Graph {
  const [image] = model.inputs
  if (!image || image.type !== 'uint8') return model
  const uses = model.nodes.filter(({ inputs }) => inputs.includes(image.name))
  if (uses.some(({ op }) => op !== 'Cast' && op !== 'Shape'))
    throw new GraphError(`"${image.name}" holds pixels, and what is done with them has no gradient`)
  const name = (part: string) => `${image.name}/${part}`
  const front = [
    node('Mul', [image.name, name('std')], name('scaled')),
    node('Add', [name('scaled'), name('mean')], name('planes')),
    node('Transpose', [name('planes')], name('pixels'), { perm: ints([0, 2, 3, 1]) }),
    ...uses.map((use) => ({ ...use, inputs: [name('pixels')] })),
  ]
  return {
    ...model,
    inputs: [{ name: image.name, type: 'float32', shape: ['batch', 3, side, side] }],
    nodes: [...front, ...model.nodes.filter((each) => !uses.includes(each))],
    initializers: new Map([
      ...model.initializers,
      [name('std'), perChannel(std)],
      [name('mean'), perChannel(mean)],
    ]),
    values: new Map(),
  }
}
