import { z } from 'zod'
import { recordKinds } from '../../src/kinds.ts'

/** For each kind, the schema of each version that it has had. */
export type Schemas = Record<string, Record<string, unknown>>

export const schemasFile = new URL('schemas.json', import.meta.url)

/** Today's, as JSON Schema; what JSON Schema cannot express (bytes) is {}. */
export const schemasNow = (): Schemas =>
  Object.fromEntries(
    recordKinds.map(({ name, version, schema }) => [
      name,
      { [version]: z.toJSONSchema(schema, { unrepresentable: 'any' }) },
    ]),
  )
