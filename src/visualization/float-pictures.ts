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

/** Of pixels, [1,3,1,1]. */
const perChannel = (values: readonly number[]) =>
  tensor(
    'float32',
    [1, 3, 1, 1],
    values.map((value) => 255 * value),
  )

/**
 * A picture encoder that takes pictures normalised, float32 [n,3,side,side], whatever it took before: pixels (uint8
 * [n,side,side,3]) have no gradient, so they are computed from the normalised picture in front of the model.
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
