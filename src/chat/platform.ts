import type { PlatformName } from './place.ts'
import type { Outbox } from './outbox.ts'

/** A connected platform, as the roots see it. */
export interface Platform {
  readonly name: PlatformName
  readonly outbox: Outbox
  /** How the connections are that this process holds, if the platform counts them. */
  shards?(): readonly ('ready' | 'connecting')[]
  /** Takes nothing new, lets what runs finish for a few seconds, then aborts it and disconnects. */
  stop(): Promise<void>
}
