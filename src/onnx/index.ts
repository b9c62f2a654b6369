/** ONNX graphs: reading, editing and writing them, and their gradients. */
export { emptyGraph, GraphBuilder } from './builder.ts'
export { bindShapes, exposeOutput, extractSubgraph } from './edit.ts'
export { GraphError } from './error.ts'
export { gradient } from './gradient/index.ts'
export { type Attribute, float, type Graph, int, ints, type Node, string } from './graph.ts'
export { readGraph } from './read.ts'
export { type ElementType, tensor, valuesOf } from './tensor.ts'
export { saveGraph, writeGraph } from './write.ts'
