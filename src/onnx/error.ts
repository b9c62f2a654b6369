/** Something in a graph, or asked of it, that cannot be: the message is one sentence that names where. */
export class GraphError extends Error {
  override readonly name = 'GraphError'
}
