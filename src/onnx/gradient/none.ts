const whole = 'its result is a whole number'
const truth = 'its result is true or false'
const steps = 'its derivative is zero wherever there is one'
const shape = 'its result depends only on shapes or constants'

/** Operators that pass no gradient, with the reason. What depends on a target only through them is disconnected from it. */
export const noGradient: Readonly<Record<string, string>> = {
  ArgMax: whole,
  ArgMin: whole,
  NonZero: whole,
  Equal: truth,
  Greater: truth,
  GreaterOrEqual: truth,
  Less: truth,
  LessOrEqual: truth,
  Not: truth,
  And: truth,
  Or: truth,
  Xor: truth,
  IsNaN: truth,
  IsInf: truth,
  Sign: steps,
  Floor: steps,
  Ceil: steps,
  Round: steps,
  Shape: shape,
  Size: shape,
  ConstantOfShape: shape,
  EyeLike: shape,
}
