import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Pack } from '../../clip/pack.ts'
import { UserError } from '../../errors.ts'
import type { Engine } from '../../jobs/engine.ts'
import type { GrowingGallery } from '../../visualization/gallery.ts'
import { type Artist, GalleryMaker, type Picture } from './make.ts'

/** After this long without any request the machine counts as idle. */
const usualIdleMs = 10_000
const lookEveryMs = 500

/** A gallery being filled in the background. */
export interface Growing {
  /** Resolves once everything is made, or after a stop. */
  readonly done: Promise<void>
  stop(): Promise<void>
}

export interface GrowOptions {
  readonly pack: Pack
  readonly engine: Artist & Pick<Engine, 'status'>
  readonly gallery: GrowingGallery
  readonly log: Logger
  /** How long the machine must be idle before a picture is begun. */
  readonly idleMs?: number
}

/**
 * Draws what a pack's gallery lacks, one picture at a time while the machine is idle; a request cancels the drawing,
 * which is started again later. Each picture is in the gallery as soon as it is done.
 */
export function growGallery({ pack, engine, gallery, log, idleMs = usualIdleMs }: GrowOptions): Growing {
  const stop = new AbortController()
  const done = grow().catch((error: unknown) => {
    if (!stop.signal.aborted) log.warn({ err: error }, 'the gallery grows no more until the next start')
  })
  return {
    done,
    async stop() {
      stop.abort()
      await done
    },
  }

  async function grow(): Promise<void> {
    const maker = await GalleryMaker.open(pack, engine)
    if (maker.missing.length === 0) return
    log.debug({ pictures: maker.missing.length }, 'the gallery grows while nobody wants anything')
    for (const picture of maker.missing) while (!(await drawn(maker, picture))) await sleep(lookEveryMs)
  }

  /** @returns whether the picture was finished */
  async function drawn(maker: GalleryMaker, picture: Picture): Promise<boolean> {
    await quiet()
    const wanted = new AbortController()
    const signal = AbortSignal.any([stop.signal, wanted.signal])
    const watch = setInterval(() => engine.status().waiting > 0 && wanted.abort(), lookEveryMs)
    try {
      gallery.add(await maker.make(picture, { signal, priority: 'idle' }))
      return true
    } catch (error) {
      stop.signal.throwIfAborted()
      if (error instanceof UserError && (error.code === 'cancelled' || error.code === 'busy')) return false
      throw error
    } finally {
      clearInterval(watch)
    }
  }

  /** Resolves once nothing has run or waited for `idleMs`. */
  async function quiet(): Promise<void> {
    for (let since = performance.now(); performance.now() - since < idleMs;) {
      await sleep(Math.min(lookEveryMs, idleMs), undefined, { signal: stop.signal })
      const { waiting, running } = engine.status()
      if (waiting + running > 0) since = performance.now()
    }
  }
}
