import { z } from 'zod'
import { recordKinds } from '../../src/kinds.ts'

/** Of each kind, the schema of each version that it has had. */
export type Schemas = Record<string, Record<string, unknown>>

export const schemasFile = new URL('schemas.json', import.meta.url)

/** Today's, as JSON Schema; what JSON Schema cannot say (bytes) stands as {}. */
export const schemasNow = (): Schemas =>
  Object.fromEntries(
    recordKinds.map(({ name, version, schema }) => [
      name,
      { [version]: z.toJSONSchema(schema, { unrepresentable: 'any' }) },
    ]),
  )
