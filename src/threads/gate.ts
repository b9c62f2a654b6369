/**
 * Shut while something more urgent is running. All threads that share its memory see that at once, even in the middle of
 * a computation, while a message would have to wait for the event loop.
 */
export class Gate {
  readonly memory: SharedArrayBuffer
  readonly #shut: Int32Array

  /** @param memory of the same gate on another thread */
  constructor(memory = new SharedArrayBuffer(4)) {
    this.memory = memory
    this.#shut = new Int32Array(memory)
  }

  set shut(shut: boolean) {
    Atomics.store(this.#shut, 0, Number(shut))
    if (!shut) Atomics.notify(this.#shut, 0)
  }

  /** Blocks the thread while the gate is shut, but no longer than this. */
  pass(atMostMs: number): void {
    Atomics.wait(this.#shut, 0, 1, atMostMs)
  }
}
