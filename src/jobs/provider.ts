/** Execution providers of ONNX Runtime that the project serves with. */
export type Provider = 'cpu' | 'cuda' | 'webgpu'

export interface ProviderReport {
  readonly provider: Provider
  readonly serves: boolean
  /** One sentence: "serves", "not installed", "slower than the CPU (41 ms against 3 ms)". */
  readonly reason: string
}
