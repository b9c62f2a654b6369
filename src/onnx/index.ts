/** ONNX graphs: reading, editing and writing them, and their gradients. */
export { emptyGraph, GraphBuilder } from './builder.ts'
export { bindShapes, exposeOutput, extractSubgraph } from './edit.ts'
export { GraphError } from './error.ts'
export { gradient, type GradientOptions } from './gradient/index.ts'
export { type Attribute, float, type Graph, int, ints, type Node, string, type Value } from './graph.ts'
export { readGraph } from './read.ts'
export { type ElementType, tensor, type Tensor, valuesOf } from './tensor.ts'
export { saveGraph, writeGraph } from './write.ts'
