import type { Context } from './context.ts'
import type { Bar, Picture } from './reply.ts'

/** What the model makes of a drawing, said at once and again after each stroke. */
export interface SketchView {
  /** How far it has got, in one sentence. */
  readonly sentence: string
  readonly bars: readonly Bar[]
  /** What the drawing is measured by, for example "3.2 % ink". */
  readonly measure?: string
  readonly succeeds: boolean
}

export interface OpenSketch {
  readonly picture: Picture
  readonly view: SketchView
}

/** While a person draws nothing is answered yet, and progress has nowhere to be shown. */
export type SketchContext = Omit<Context, 'reply' | 'followUp'>

/**
 * A platform where people can draw opens the picture for that instead of the action's form, whose first picture field
 * then takes the drawing: a transparent PNG of the picture's size.
 */
export interface Sketching<Args extends readonly unknown[] = readonly string[]> {
  open(context: SketchContext, args: Args): Promise<OpenSketch>
  /** @throws UserError 'bad-picture' for bytes that are not a drawing on this picture. */
  look(context: SketchContext, args: Args, drawing: Uint8Array): Promise<SketchView>
}
