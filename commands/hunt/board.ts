import { button, buttons, heading, picture, table, text, cardPicture } from '../../src/chat/elements.ts'
import type { Themes } from '../../src/cards/theme.ts'
import { plain } from '../../src/chat/markup.ts'
import type { Element, Picture, Reply } from '../../src/chat/reply.ts'
import type { Services } from '../../src/chat/services.ts'
import { inSigma } from '../../src/chat/words.ts'
import { english, type Translate } from '../../src/language.ts'
import {
  type Fired,
  huntStandings,
  type HuntClass,
  type HuntEntry,
  type HuntPlace,
} from '../../src/games/hunt/standings.ts'
import { idOf } from '../contest/contest.ts'
import { hiddenIn } from '../scores/records.ts'
import { neuronActions } from '../neuron/actions.ts'
import { nameOfUnit } from '../neuron/look-up.ts'
import { huntEntry, huntPicture, type Hunt, type HuntEntryRecord } from './records.ts'

const shown = 8

export const classes = ['seen', 'read'] as const satisfies readonly HuntClass[]

export type Entry = HuntEntry & HuntEntryRecord
export type Standings = Record<HuntClass, HuntPlace<Entry>[]>

/** The best entry of each player, by class. Entries that came after the end do not count. */
export async function standingsOf({ store }: Services, hunt: Hunt): Promise<Standings> {
  const entries = await store.list(huntEntry, hunt.place, idOf(hunt))
  return huntStandings(
    entries
      .map(({ id, value }): Entry => ({ ...value, id: id[2]! }))
      .filter(({ at }) => hunt.ended === undefined || at < hunt.ended),
  )
}

/** For programs. */
export interface HuntBoardData {
  readonly unit: number
  /** In ms since 1970; undefined while it is running. */
  readonly ended: number | undefined
  readonly classes: readonly {
    readonly class: HuntClass
    readonly standings: readonly ({ readonly place: number; readonly player: string } & Fired)[]
  }[]
}

export async function boardFor(
  services: Services,
  hunt: Hunt,
  standings: Standings,
  theme: Themes,
  t: Translate,
): Promise<Reply<HuntBoardData>> {
  const name = nameOfUnit(services.catalogue, hunt.unit, t)
  const hidden = await hiddenIn(services.store, hunt.place)
  const playerOf: PlayerOf = ({ player, name }, t) => (hidden.has(player) ? t('contest.somebody') : name)
  const elements: Element[] = []
  for (const of of classes) {
    const some = standings[of].slice(0, shown)
    if (some.length > 0)
      elements.push(
        picture(await cardFor({ services, hunt, of, some, playerOf, theme, t }), {
          instead: [
            heading(t('hunt.standings', { name: plain(name), class: t(`hunt.class.${of}`) })),
            table(
              ['', t('hunt.player'), t('hunt.strength')],
              some.map(({ place, entry }) => [
                String(place),
                playerOf(entry, t),
                inSigma(entry.fired.asPosted, false, t),
              ]),
            ),
          ],
        }),
      )
  }
  if (elements.length === 0) elements.push(text(t('hunt.nobody', { name: plain(name) })))
  elements.push(buttons([button(neuronActions.id('page', hunt.unit), t('hunt.about', { name }))]))
  const data = classes.map((of) => ({
    class: of,
    standings: standings[of].map(({ place, entry }) => ({
      place,
      player: playerOf(entry, english),
      ...entry.fired,
    })),
  }))
  return { elements, data: { unit: hunt.unit, ended: hunt.ended, classes: data } }
}

/** What a player is called on a board; nobody's name if they hide. */
type PlayerOf = (entry: Entry, t: Translate) => string

async function cardFor({
  services,
  hunt,
  of,
  some,
  playerOf,
  theme,
  t,
}: {
  readonly services: Services
  readonly hunt: Hunt
  readonly of: HuntClass
  readonly some: readonly HuntPlace<Entry>[]
  readonly playerOf: PlayerOf
  readonly theme: Themes
  readonly t: Translate
}): Promise<Picture> {
  const most = some[0]!.entry.fired.asPosted
  const pictures = await Promise.all(
    some.map(({ entry }) => services.store.get(huntPicture, hunt.place, idOf(hunt, entry.id))),
  )
  const drawn = await services.cards.draw('board', {
    title: t('hunt.title', { name: nameOfUnit(services.catalogue, hunt.unit, t) }),
    subject: t(`hunt.class.${of}`),
    standings: some.map(({ place, entry }, n) => ({
      place,
      player: playerOf(entry, t),
      thumbnail: pictures[n]?.jpeg,
      value: inSigma(entry.fired.asPosted, false, t),
      share: entry.fired.asPosted / most,
      detail: t('hunt.mirrored', { strength: inSigma(entry.fired.mirrored, false, t) }),
    })),
    page: 1,
    pages: 1,
    note: t('hunt.unitAndScale', { model: services.catalogue.modelTitle, unit: hunt.unit }),
    theme,
    language: t.language,
  })
  return cardPicture(
    drawn,
    `hunt-${of}`,
    pictures.some((kept) => kept?.spoiler),
  )
}
