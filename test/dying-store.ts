import type { Store } from '../src/store/store.ts'

/** When a process dies: at its nth write, just before it or as soon as it is done. */
export interface Death {
  readonly write: number
  readonly when: 'before' | 'after'
}

const writes = new Set<string | symbol>(['set', 'insertIfAbsent', 'delete', 'deleteScope'])

/** The store of a process that kills itself. */
export function dyingAt(store: Store, { write, when }: Death): Store {
  let count = 0
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function' || !writes.has(name))
        return typeof member === 'function' ? member.bind(target) : member
      return async (...given: readonly unknown[]): Promise<unknown> => {
        count += 1
        const last = count === write
        if (last && when === 'before') await die()
        const result: unknown = await member.apply(target, given)
        if (last) await die()
        return result
      }
    },
  })
}

/** Nothing comes after it. */
export function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL')
  return new Promise(() => {})
}
