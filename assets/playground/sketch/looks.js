/** Asks what the model makes of a drawing while it changes: one question at a time, the newest next. */

const afterMs = 120
const apartMs = 350

/**
 * @template View
 * @param {{ look: () => Promise<View>, show: (view: View) => void, fail: (error: unknown) => void }} on
 */
export function looksWith({ look, show, fail }) {
  let wanted = false
  let busy = false
  let lastAt = 0
  /** Counts events that make a pending answer worthless. */
  let round = 0
  let timer = 0

  const go = async () => {
    timer = 0
    if (busy) return
    busy = true
    wanted = false
    lastAt = performance.now()
    const asked = round
    try {
      const view = await look()
      if (asked === round) show(view)
    } catch (error) {
      if (asked === round) fail(error)
    } finally {
      busy = false
      if (wanted) plan()
    }
  }
  const plan = () => {
    wanted = true
    if (!busy && timer === 0)
      timer = setTimeout(() => void go(), Math.max(afterMs, lastAt + apartMs - performance.now()))
  }
  const stop = () => {
    round += 1
    wanted = false
    clearTimeout(timer)
    timer = 0
  }
  return { plan, stop }
}
