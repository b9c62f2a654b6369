/**
 * Shut while somebody more urgent is at work, seen by all threads that share its memory: a thread that is busy
 * computing sees it at once, where a message would wait for its event loop.
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

  /** Blocks the thread while the gate is shut, but no longer than this: nobody waits for ever. */
  pass(atMostMs: number): void {
    Atomics.wait(this.#shut, 0, 1, atMostMs)
  }
}
