import { z } from 'zod'
import type { RecordKind, Scope } from '../../src/store/store.ts'

export const note: RecordKind<{ text: string }> = {
  name: 'note',
  version: 1,
  lives: 'as its test says',
  schema: z.object({ text: z.string() }),
}

export const picture: RecordKind<{ bytes: Uint8Array; alt: string }> = {
  name: 'picture',
  version: 1,
  lives: 'as its test says',
  schema: z.object({ bytes: z.instanceof(Uint8Array), alt: z.string() }),
}

export const community = (name: string): Scope => ({ platform: 'test', community: name })
