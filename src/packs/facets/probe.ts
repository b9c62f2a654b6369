/** Logistic regression by gradient descent; the pictures are few, hence the weight decay. */
const stepCount = 300
const learningRate = 0.5
const weightDecay = 0.01

/** Mean and standard deviation of each column over the rows. */
export function meanAndStd(rows: readonly Float32Array[]): { mean: number[]; std: number[] } {
  const columns = rows[0]!.length
  const mean = Array.from(
    { length: columns },
    (_, c) => rows.reduce((sum, row) => sum + row[c]!, 0) / rows.length,
  )
  const std = mean.map((m, c) =>
    Math.sqrt(rows.reduce((sum, row) => sum + (row[c]! - m) ** 2, 0) / rows.length),
  )
  return { mean, std }
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** ROC AUC: the share of pairs of a positive and a negative in which the positive has the higher score. */
function areaUnderCurve(scores: readonly number[], belongs: readonly boolean[]): number {
  const yes = scores.filter((_, i) => belongs[i])
  const no = scores.filter((_, i) => !belongs[i])
  const won = yes.reduce((sum, a) => sum + no.reduce((n, b) => n + (a > b ? 1 : a === b ? 0.5 : 0), 0), 0)
  return won / (yes.length * no.length)
}

/**
 * A linear probe: the direction in column space that separates the rows that belong from the others. Both classes have
 * the same total weight, however many rows they have.
 * @param keptBack every n-th row is used only to test the probe
 * @returns a unit vector of weights for the columns without standardisation
 */
export function fitProbe(
  rows: readonly Float32Array[],
  belongs: readonly boolean[],
  keptBack: number,
): { weights: number[]; heldOut: number } {
  const { mean, std } = meanAndStd(rows)
  const standard = rows.map((row) => row.map((value, c) => (std[c]! > 0 ? (value - mean[c]!) / std[c]! : 0)))
  const trained = [...rows.keys()].filter((i) => i % keptBack !== 0)
  const count = trained.filter((i) => belongs[i]).length
  const weights = new Float64Array(mean.length)
  let bias = 0
  for (let step = 0; step < stepCount; step++) {
    const gradient = weights.map((w) => -weightDecay * w)
    let towardsBias = 0
    for (const i of trained) {
      const share = 0.5 / (belongs[i] ? count : trained.length - count)
      const error = share * (Number(belongs[i]) - 1 / (1 + Math.exp(-dot(weights, standard[i]!) - bias)))
      for (let c = 0; c < weights.length; c++) gradient[c]! += error * standard[i]![c]!
      towardsBias += error
    }
    for (let c = 0; c < weights.length; c++) weights[c]! += learningRate * gradient[c]!
    bias += learningRate * towardsBias
  }
  const tried = [...rows.keys()].filter((i) => i % keptBack === 0)
  const raw = Array.from(weights, (w, c) => (std[c]! > 0 ? w / std[c]! : 0))
  const length = Math.hypot(...raw)
  return {
    weights: raw.map((w) => w / length),
    heldOut: areaUnderCurve(
      tried.map((i) => dot(weights, standard[i]!)),
      tried.map((i) => belongs[i]!),
    ),
  }
}
