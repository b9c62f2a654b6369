import { arrangement } from './arrangement.ts'
import { linearAlgebra } from './linear-algebra.ts'
import { pointwise } from './pointwise.ts'
import { reductions } from './reduction.ts'
import type { ShapeRule } from './rule.ts'
import { windows } from './window.ts'

/** One row for each operator of ONNX's own domain whose output shapes we can infer. */
export const shapeRules: Record<string, ShapeRule> = {
  ...pointwise,
  ...windows,
  ...linearAlgebra,
  ...reductions,
  ...arrangement,
}
