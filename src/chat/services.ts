import type { Logger } from 'pino'
import type { CardDrawer } from '../cards/draw.ts'
import type { ProbeSet } from '../clip/probe-set.ts'
import type { Engine } from '../jobs/engine.ts'
import type { Catalogue } from '../neurons/catalogue.ts'
import type { Store } from '../store/store.ts'
import type { Gallery } from '../visualization/gallery.ts'
import type { Outbox } from './outbox.ts'

/** What the roots hand to every command. */
export interface Services {
  readonly engine: Engine
  /** Names and facts of the pack's units. */
  readonly catalogue: Catalogue
  /** The labelled pictures on which the units were measured. */
  readonly probe: ProbeSet
  /** Pictures of what the units look for; empty if none have been made for the pack. */
  readonly gallery: Gallery
  readonly store: Store
  readonly cards: CardDrawer
  readonly outbox: Outbox
  readonly now: () => Date
  /** Unlike any other, in every process; it also decides what is picked at random. */
  readonly newId: () => string
  readonly log: Logger
}
