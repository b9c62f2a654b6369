import type { Logger } from 'pino'
import type { CardDrawer } from '../cards/draw.ts'
import type { Engine } from '../jobs/engine.ts'
import type { Catalogue } from '../neurons/catalogue.ts'
import type { Store } from '../store/store.ts'
import type { Outbox } from './outbox.ts'

/** What the roots hand to every command. */
export interface Services {
  readonly engine: Engine
  /** Names and facts of the pack's units. */
  readonly catalogue: Catalogue
  readonly store: Store
  readonly cards: CardDrawer
  readonly outbox: Outbox
  readonly now: () => Date
  readonly log: Logger
}
