/** A graph, or what was asked of it, is invalid or unsupported: the message is one sentence that says where. */
export class GraphError extends Error {
  override readonly name = 'GraphError'
}
