import { intOf } from './graph.ts'
import { cutOf } from './shapes/arrangement.ts'
import { type Fact, factOf, type Seen } from './shapes/rule.ts'
import { countOf, isFloat, tensor, type Tensor, valuesOf } from './tensor.ts'

type Folder = (inputs: number[][], seen: Seen, result: Fact) => number[] | undefined

const copy: Folder = ([values]) => values

/** Applied element by element; if one is shorter, it is a single number that is paired with each of the other. */
const each =
  (combine: (a: number, b: number) => number): Folder =>
  ([a, b]) =>
    Array.from({ length: Math.max(a!.length, b!.length) }, (_, n) =>
      combine(a![n % a!.length]!, b![n % b!.length]!),
    )

/** The operators with which exporters compute shapes; only for vectors and scalars. */
const folders: Record<string, Folder> = {
  Shape: (_, seen) => {
    const { shape } = factOf(seen)
    return shape.slice(intOf(seen.node, 'start', 0), intOf(seen.node, 'end', shape.length))
  },
  Size: (_, seen) => [countOf(factOf(seen).shape)],
  Identity: copy,
  Squeeze: copy,
  Unsqueeze: copy,
  Reshape: copy,
  Cast: ([values], _, { type }) => (isFloat(type) ? values : values!.map(Math.trunc)),
  Floor: ([values]) => values!.map(Math.floor),
  Ceil: ([values]) => values!.map(Math.ceil),
  Add: each((a, b) => a + b),
  Sub: each((a, b) => a - b),
  Mul: each((a, b) => a * b),
  Div: ([a, b], seen, { type }) => {
    const quotient = each((x, y) => x / y)([a!, b!], seen, { type, shape: [] })
    return isFloat(type) ? quotient : quotient?.map(Math.trunc)
  },
  // With the divisor's sign, as in Python, or with the dividend's (fmod), as in C.
  Mod: (inputs, seen, result) =>
    each(intOf(seen.node, 'fmod', 0) ? (a, b) => a % b : (a, b) => a - b * Math.floor(a / b))(
      inputs,
      seen,
      result,
    ),
  Equal: each((a, b) => (a === b ? 1 : 0)),
  Where: ([yes, a, b], _, { shape }) => {
    const count = countOf(shape)
    return Array.from({ length: count }, (__, n) =>
      yes![n % yes!.length] ? a![n % a!.length]! : b![n % b!.length]!,
    )
  },
  Concat: (inputs) => inputs.flat(),
  Gather: ([values, indices]) => indices!.map((index) => values!.at(index)!),
  Slice: ([values], seen) => {
    const cut = cutOf(seen)
    return (
      cut && Array.from({ length: cut.sizes[0]! }, (_, n) => values![cut.starts[0]! + n * cut.steps[0]!]!)
    )
  },
  Range: ([start, , delta], _, { shape }) =>
    Array.from({ length: shape[0]! }, (__, n) => start![0]! + n * delta![0]!),
  ConstantOfShape: (_, { node }, { shape }) => {
    const value = node.attributes['value']
    const fill = value?.type === 'tensor' ? valuesOf(value.value)[0]! : 0
    return Array.from({ length: countOf(shape) }, () => fill)
  },
}

/** Longer vectors are not shapes. */
const maxLength = 1024

/** Evaluates a node whose inputs are constant vectors; undefined for any other node. */
export function fold(seen: Seen, result: Fact): Tensor | undefined {
  const { op, domain } = seen.node
  const folder = domain === '' ? folders[op] : undefined
  if (!folder || result.shape.length > 1 || countOf(result.shape) > maxLength) return undefined
  const needsValues = op !== 'Shape' && op !== 'Size'
  const inputs = needsValues ? seen.facts.map((_, input) => smallValues(seen, input)) : []
  if (inputs.includes(undefined)) return undefined
  const values = folder(inputs as number[][], seen, result)
  return values && tensor(result.type, result.shape, values)
}

function smallValues(seen: Seen, input: number): number[] | undefined {
  const fact = seen.facts[input]
  if (!fact) return []
  return fact.shape.length <= 1 && countOf(fact.shape) <= maxLength ? seen.values(input) : undefined
}
