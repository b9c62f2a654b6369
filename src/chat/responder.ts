import type { MessageRef } from './place.ts'
import type { Progress, Reply } from './reply.ts'

/**
 * How a platform answers one event; made per event, after it has been acknowledged. `dispatch` turns it into
 * the `Context` that commands see. Calls arrive one after another, never two at once.
 */
export interface Responder {
  /** Replaces the acknowledgement or the progress; called again it edits the same message. */
  show(reply: Reply): Promise<MessageRef>
  /** Progress in place. Already thinned out to one in `progressEveryMs`. */
  showProgress(progress: Progress): Promise<void>
  followUp(reply: Reply, visibility: 'channel' | 'person'): Promise<MessageRef>
  /** One sentence only for the person, instead of an answer: their mistake, or a bug of ours. */
  refuse(sentence: string, whose: 'theirs' | 'ours'): Promise<void>
  readonly progressEveryMs: number
}
