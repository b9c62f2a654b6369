import { z } from 'zod'
import type { RecordKind } from '../../src/store/store.ts'

const measured = z.object({
  unit: z.int(),
  sigma: z.number(),
  percentile: z.number().exactOptional(),
  /** Activations before the ReLU over the square that the model saw, row after row. */
  map: z.array(z.number()),
})

const schema = z.object({
  /** Who asked, so that /privacy finds it. */
  person: z.string(),
  visibility: z.enum(['channel', 'person']),
  /** The picture stays hidden until somebody wants to see it. */
  spoiler: z.boolean(),
  /** JPEG. */
  preview: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  facts: z.object({
    format: z.enum(['png', 'jpeg', 'webp', 'gif', 'avif', 'raw']),
    width: z.number(),
    height: z.number(),
    animated: z.boolean(),
    damaged: z.boolean(),
    crop: z.object({ left: z.number(), top: z.number(), side: z.number() }),
  }),
  provider: z.enum(['cpu', 'cuda', 'webgpu', 'server']),
  /** What the model takes the picture for; answers stored before this existed have none. */
  takes: z.array(z.object({ label: z.string(), probability: z.number() })).default([]),
  /** Which units made it resemble the first of these; absent if that is not exact, and in older answers. */
  carried: z
    .object({
      label: z.string(),
      likeness: z.number(),
      units: z.array(z.object({ unit: z.int(), share: z.number() })),
    })
    .exactOptional(),
  units: z.array(measured),
  inhibited: z.array(measured),
  /** Height and width of each unit's map. */
  mapSize: z.tuple([z.number(), z.number()]),
})

export type NeuronsAnswer = z.infer<typeof schema>

/** What the buttons under a /neurons card need after a restart; kept no longer than they are likely to be pressed. */
export const neuronsAnswer = {
  name: 'neurons-answer',
  version: 5,
  lives: 24 * 60 * 60_000,
  schema,
  migrate: {
    1: (value) => ({ ...(value as object), spoiler: false }),
    2: (value) => {
      const kept = value as { facts: object }
      return { ...kept, facts: { ...kept.facts, damaged: false } }
    },
    // Before there were model servers, none was named; nothing else changed.
    3: (value) => value,
    // Nothing is explained about a picture that was looked at before.
    4: (value) => value,
  },
} satisfies RecordKind<NeuronsAnswer>
