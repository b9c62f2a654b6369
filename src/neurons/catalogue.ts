/** How far to trust a name; shown with it. */
export type Certainty = 'published' | 'agreed' | 'likely' | 'working' | 'unsure'

/** One unit as the pack's neurons.json describes it. */
export interface Unit {
  readonly unit: number
  readonly name: string
  /** Whose label it is, as a reader should see it: "authors' label", "our probe set". */
  readonly namedBy: string
  readonly certainty: Certainty
  readonly family?: string
  /** Kept back unless a community's admin asked for it (product.md). */
  readonly sensitive: boolean
  /** Written words that fire it most when drawn as pictures, strongest first, in sigma over words. */
  readonly words: readonly { readonly word: string; readonly sigma: number }[]
  /** Labels of the pictures that fire it most, strongest first, in sigma over pictures. */
  readonly pictures: readonly { readonly label: string; readonly kind: string; readonly sigma: number }[]
}

/** The names and facts of a pack's units. */
export interface Catalogue {
  readonly modelId: string
  readonly modelTitle: string
  readonly units: readonly Unit[]
  /** By number or name, also part of a name; best match first. Sensitive ones only where allowed. */
  search(typed: string, options: { readonly sensitive: boolean; readonly limit: number }): readonly Unit[]
}
