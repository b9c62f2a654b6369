import type { ChildProcess } from 'node:child_process'
import { setMaxListeners } from 'node:events'
import type { Services } from '../../src/chat/services.ts'
import { ownerError, UserError } from '../../src/errors.ts'

/**
 * What computes but keeps nothing, lent to a child process, so that a bot that is killed hundreds of times need not
 * load the model each time. Calls go over Node's own channel between the two, with arguments and answers copied.
 */
export type Lent = Pick<Services, 'engine' | 'cards'>

interface Call {
  readonly id: number
  readonly part: keyof Lent
  readonly method: string
  readonly given: readonly unknown[]
}

type Outcome =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly code: UserError['code']; readonly message: string }

/** Answers the calls of a child that was started with serialization 'advanced'. */
export function lend(child: ChildProcess, lent: Lent): void {
  // What a dead bot asked for is in nobody's way, just as when its engine dies with it.
  const gone = new AbortController()
  setMaxListeners(0, gone.signal)
  child.once('exit', () => gone.abort())
  child.on('message', ({ id, part, method, given }: Call) => {
    const call = lent[part] as unknown as Record<string, (...given: readonly unknown[]) => Promise<unknown>>
    const sent = (outcome: Outcome): void => {
      // It may be dead by now; then nobody is waiting.
      if (child.connected) child.send(outcome, () => {})
    }
    call[method]!(...given.map((each) => withSignal(each, gone.signal))).then(
      (value) => sent({ id, value }),
      (error: unknown) => {
        if (!(error instanceof UserError)) throw error
        sent({ id, code: error.code, message: error.message })
      },
    )
  })
}

/** In the child: the parent's. */
export function borrow(): Lent {
  const waiting = new Map<number, (outcome: Outcome) => void>()
  let last = 0
  process.on('message', (outcome: Outcome) => {
    waiting.get(outcome.id)?.(outcome)
    waiting.delete(outcome.id)
  })
  const call = (part: keyof Lent, method: string, given: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = (last += 1)
      waiting.set(id, (outcome) => {
        if ('code' in outcome) reject(ownerError(outcome.code, outcome.message))
        else resolve(outcome.value)
      })
      process.send!({ id, part, method, given: given.map(copied) } satisfies Call)
    })
  const calls = (part: keyof Lent, ...methods: string[]) =>
    Object.fromEntries(
      methods.map((method) => [method, (...given: unknown[]) => call(part, method, given)] as const),
    )
  const cards = { ...calls('cards', 'draw'), for: () => cards }
  return {
    engine: calls('engine', 'analyse', 'classify', 'loadLabels', 'visualize'),
    cards,
  } as unknown as Lent
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

/** Without what cannot be copied: listeners, and signals, which the parent replaces with its own. */
const copied = (value: unknown): unknown =>
  isPlain(value)
    ? Object.fromEntries(
        Object.entries(value)
          .filter(([, each]) => typeof each !== 'function')
          .map(([name, each]) => [name, each instanceof AbortSignal ? 'signal' : each]),
      )
    : value

const withSignal = (value: unknown, signal: AbortSignal): unknown =>
  isPlain(value) && value['signal'] === 'signal' ? { ...value, signal } : value
