import { Piscina } from 'piscina'
import { threadFile } from '../thread-file.ts'
import type { DrawingTask } from './card-thread.worker.ts'
import type { Drawing, DrawingData, DrawingName } from './index.ts'

/** Draws off the event loop, which a card would hold up for some 10 ms. */
export interface CardDrawer {
  /** Data are copied to the thread, so the caller may use them again: for the next unit's heat map. */
  draw<Name extends DrawingName>(name: Name, data: DrawingData<Name>): Promise<Drawing<Name>>
  /** Finishes what was asked for, then ends the threads. */
  close(): Promise<void>
}

/** @param options.threads how many cards are drawn at once; each thread keeps the fonts in memory */
export function createCardDrawer({ threads }: { readonly threads: number }): CardDrawer {
  const pool = new Piscina({
    filename: threadFile('src/cards/card-thread.worker.ts'),
    // Started when first needed: ending a thread that is still loading its native library ends the process.
    minThreads: 0,
    idleTimeout: Infinity,
    maxThreads: threads,
  })
  const drawing = new Set<Promise<unknown>>()
  return {
    draw(name, data) {
      const drawn: Promise<Drawing<typeof name>> = pool.run({ name, data } satisfies DrawingTask<typeof name>)
      const settled: Promise<unknown> = drawn.catch(() => undefined).finally(() => drawing.delete(settled))
      drawing.add(settled)
      return drawn
    },
    async close() {
      await Promise.all(drawing)
      await pool.destroy()
    },
  }
}
