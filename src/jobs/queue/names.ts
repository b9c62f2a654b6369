import { createHash } from 'node:crypto'
import type { Pack } from '../../clip/pack.ts'
import { protocolVersion } from './messages.ts'

/** Which bots and workers understand each other: the same messages over the same pack. */
export interface Dialect {
  readonly protocol: number
  readonly pack: string
  /** Hash of the pack's files as pack.json lists them: tells packs with the same name apart. */
  readonly fingerprint: string
}

export function dialectOf({ facts }: Pack): Dialect {
  const files = facts.files.map(({ path, sha256 }) => `${path} ${sha256}`).sort()
  const fingerprint = createHash('sha256').update(files.join('\n')).digest('hex').slice(0, 12)
  return { protocol: protocolVersion, pack: facts.id, fingerprint }
}

/** All keys begin with it, so that the store can use the same Redis. */
export const keyPrefix = 'neuron-games'

/** Pictures take milliseconds, drawings many seconds: a drawing never holds up a picture. */
export const lines = ['pictures', 'drawings'] as const
export type LineName = (typeof lines)[number]

/** BullMQ allows no colon in a queue's name. */
export const queueName = (line: LineName, { protocol, pack, fingerprint }: Dialect): string =>
  `${line}-${protocol}-${pack}-${fingerprint}`

export const askKey = (job: string): string => `${keyPrefix}:ask:${job}`
export const answerKey = (job: string): string => `${keyPrefix}:answer:${job}`
/** The ids of workers that have announced themselves; one that is gone no longer has a key. */
export const workersKey = `${keyPrefix}:workers`
export const workerKey = (worker: string): string => `${keyPrefix}:worker:${worker}`
export const cancelChannel = `${keyPrefix}:cancel`
/** Only the bot itself receives the progress of its drawings. */
export const progressChannel = (bot: string): string => `${keyPrefix}:progress:${bot}`
