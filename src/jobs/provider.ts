/** Execution providers of ONNX Runtime that the project serves with. */
export type Provider = 'cpu' | 'cuda' | 'webgpu'

/** 'auto' takes the fastest that works here; the others force one. */
export type ProviderSetting = Provider | 'auto'

export interface ProviderReport {
  readonly provider: Provider
  readonly serves: boolean
  /** One sentence: "serves", "not installed", "slower than the CPU (41 ms against 3 ms)". */
  readonly reason: string
}
