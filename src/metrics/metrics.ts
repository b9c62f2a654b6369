import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Ended } from '../chat/dispatch.ts'
import type { Store } from '../store/store.ts'

/** From a button's 10 ms to a visualisation's minute. */
const commandBuckets = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100]
/** From the pocket model's 2 ms to RN50x64 on a CPU. */
const runBuckets = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3]
const storeBuckets = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1]

export interface Gauges {
  /** Requests that wait for the model, and those being served. */
  readonly queue: () => { readonly waiting: number; readonly running: number }
  /** The state of each connection to a platform's gateway. */
  readonly shards?: () => readonly ('ready' | 'connecting')[]
}

/**
 * One process's metrics for Prometheus, under names that begin with `neuron_games_`. Labels are command names, platforms,
 * outcomes, providers and batch sizes, never the id of a person, a channel or a community.
 */
export class Metrics {
  readonly registry = new Registry()
  readonly #commands: Histogram<'command' | 'platform' | 'outcome'>
  readonly #waits: Histogram
  readonly #runs: Histogram<'provider' | 'batch'>
  readonly #store: Histogram<'operation'>
  readonly #storeErrors: Counter<'operation'>

  constructor({ queue, shards }: Gauges) {
    const registers = [this.registry]
    collectDefaultMetrics({ register: this.registry, prefix: 'neuron_games_' })
    this.#commands = new Histogram({
      name: 'neuron_games_command_seconds',
      help: 'From an event to the end of its command',
      labelNames: ['command', 'platform', 'outcome'],
      buckets: commandBuckets,
      registers,
    })
    this.#waits = new Histogram({
      name: 'neuron_games_queue_wait_seconds',
      help: 'How long a picture waited for its turn',
      buckets: commandBuckets,
      registers,
    })
    this.#runs = new Histogram({
      name: 'neuron_games_model_run_seconds',
      help: 'One run of the image encoder',
      labelNames: ['provider', 'batch'],
      buckets: runBuckets,
      registers,
    })
    this.#store = new Histogram({
      name: 'neuron_games_store_seconds',
      help: 'One call of the store',
      labelNames: ['operation'],
      buckets: storeBuckets,
      registers,
    })
    this.#storeErrors = new Counter({
      name: 'neuron_games_store_errors_total',
      help: 'Calls of the store that failed',
      labelNames: ['operation'],
      registers,
    })
    const waiting = new Gauge({
      name: 'neuron_games_queue_depth',
      help: 'Requests for the model by state',
      labelNames: ['state'],
      registers,
      collect() {
        for (const [state, count] of Object.entries(queue())) waiting.set({ state }, count)
      },
    })
    if (!shards) return
    const connections = new Gauge({
      name: 'neuron_games_shards',
      help: 'Connections to the gateways of platforms by state',
      labelNames: ['state'],
      registers,
      collect() {
        const all = shards()
        for (const state of ['ready', 'connecting'] as const)
          connections.set({ state }, all.filter((one) => one === state).length)
      },
    })
  }

  commandEnded(facts: Ended): void {
    const { seconds, ...labels } = facts
    this.#commands.observe(labels, seconds)
  }

  waited(seconds: number): void {
    this.#waits.observe(seconds)
  }

  modelRan({ provider, batch, seconds }: { provider: string; batch: number; seconds: number }): void {
    this.#runs.observe({ provider, batch }, seconds)
  }

  /** The same store with every call timed. */
  timed(store: Store): Store {
    const time = <Args extends unknown[], Result>(
      operation: keyof Store,
      call: (...args: Args) => Promise<Result>,
    ) => {
      return async (...args: Args): Promise<Result> => {
        const end = this.#store.startTimer({ operation })
        try {
          return await call.apply(store, args)
        } catch (error) {
          this.#storeErrors.inc({ operation })
          throw error
        } finally {
          end()
        }
      }
    }
    const names = [
      'get',
      'set',
      'insertIfAbsent',
      'delete',
      'list',
      'scopes',
      'deleteScope',
      'sweep',
    ] as const
    const timed = names.map((name) => [
      name,
      time(name, store[name] as (...args: unknown[]) => Promise<unknown>),
    ])
    return Object.assign(Object.create(store) as Store, Object.fromEntries(timed), {
      close: () => store.close(),
    })
  }
}
