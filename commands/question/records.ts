import { z } from 'zod'

/** A question about a unit, kept under a random id, which is all that its buttons reveal. */
export const askedSchema = z.object({
  unit: z.int(),
  choices: z.array(z.string()),
  /** Index of the right one. */
  answer: z.int(),
})
export type Asked = z.infer<typeof askedSchema>

/** A person's one answer to it. */
export const answerSchema = z.object({
  person: z.string(),
  choice: z.int(),
  right: z.boolean(),
  /** In ms since 1970. */
  at: z.int(),
})
export type Answer = z.infer<typeof answerSchema>
