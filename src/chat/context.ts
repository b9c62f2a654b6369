import type { Translate } from '../language.ts'
import type { Themes } from '../cards/theme.ts'
import type { Personal } from './personal.ts'
import type { MessageRef, Place, PlatformName } from './place.ts'
import type { Progress, Reply } from './reply.ts'
import type { Services } from './services.ts'

export interface Person {
  readonly id: string
  /** What others call them. */
  readonly name: string
  readonly moderator: boolean
}

/**
 * Who asks, where, and how to answer. The platform has acknowledged before a command sees it. `Data` is the shape of
 * what replies tell programs; a plain `Context` replies without any.
 */
export interface Context<Data = never> {
  readonly platform: PlatformName
  readonly place: Place
  /** The channel that a thread or a forum post belongs to; what is allowed there is allowed here. */
  readonly parentChannel?: string
  readonly person: Person
  /** The person's, BCP 47: 'en' or 'de-AT'. */
  readonly locale: string
  /** The community's, if the platform gives it. */
  readonly communityLocale?: string
  /** Says a sentence in the language of who will see the reply. */
  readonly t: Translate
  /** The same for what follows up: in the community's language for the channel, in the person's if only they see it. */
  readonly translators: Readonly<Record<'channel' | 'person', Translate>>
  /** 'both' if each viewer has a theme of their own. */
  readonly theme: Themes
  /** IANA name of the zone that the person's clock shows, if the platform gives it. */
  readonly timeZone?: string
  readonly services: Services
  /** What the platform itself keeps about persons in our store; absent if it keeps nothing there. */
  readonly keeps?: readonly Personal[]
  /** Aborts when the person cancels or the process stops. */
  readonly signal: AbortSignal
  /** Shows the answer in place of the acknowledgement or the progress; called again, it edits the same message. */
  readonly reply: (reply: Reply<Data>) => Promise<MessageRef>
  /** Shown in place, not more often than the platform allows; the last one before a reply may be skipped. */
  readonly progress: (progress: Progress) => void
  /** A further message for everybody in the channel, or only for the person. */
  readonly followUp: (reply: Reply<Data>, visibility: 'channel' | 'person') => Promise<MessageRef>
}

/** The context of a button, a select or a form. */
export interface ActionContext<Data = never> extends Context<Data> {
  /** The message that holds the button. */
  readonly message: MessageRef
}

/** Who types, and where, for suggestions and overviews. */
export type CompletionContext = Pick<Context, 'platform' | 'place' | 'person' | 't' | 'services'>

/** Who asks and where: what every event carries. */
export type Origin = Omit<Context, 'services' | 't' | 'translators' | 'reply' | 'progress' | 'followUp'>
