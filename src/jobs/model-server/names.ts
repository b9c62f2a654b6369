import type { PackFacts } from '../../clip/pack-schema.ts'

/** What a pack's two models are called on a model server, which may hold several packs. */
export const modelNames = ({ id }: PackFacts) => ({ pictures: `${id}-pictures`, texts: `${id}-texts` })
