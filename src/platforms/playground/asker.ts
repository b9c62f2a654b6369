import type { Origin } from '../../chat/context.ts'
import { languageOf, type Translate, translator } from '../../language.ts'
import { scope } from './message.ts'
import type { PagePerson } from './page.ts'

/** Who acts, in which channel, and in which language and time zone. */
export interface Asker {
  readonly person: PagePerson
  readonly channel: string
  readonly locale: string
  /** The browser's. */
  readonly timeZone?: string | undefined
}

export const spokenBy = ({ locale }: Asker): Translate => translator(languageOf(locale))

/** @param channel of the message that is acted on */
export function originOf(
  { person, locale, timeZone }: Asker,
  channel: string,
  signal = AbortSignal.any([]),
): Origin {
  const { id, name, moderator } = person
  return {
    platform: 'playground',
    place: { ...scope, channel },
    person: { id, name, moderator },
    locale,
    communityLocale: locale,
    theme: 'both',
    signal,
    ...(timeZone && { timeZone }),
  }
}
