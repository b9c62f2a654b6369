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
    minThreads: threads,
    maxThreads: threads,
  })
  return {
    draw: (name, data) => pool.run({ name, data } satisfies DrawingTask<typeof name>),
    close: () => pool.close(),
  }
}
