import { button, buttons, file, heading, note, text } from '../src/chat/elements.ts'
import { defineActions } from '../src/chat/actions.ts'
import type { Context } from '../src/chat/context.ts'
import type { Command } from '../src/chat/command.ts'
import { defineCommand, subcommand } from '../src/chat/define.ts'
import { spoken, type Translate } from '../src/language.ts'
import type { Finding, Personal } from '../src/chat/personal.ts'
import type { Element, Reply } from '../src/chat/reply.ts'
import { capitalised } from '../src/chat/words.ts'

type Kept = readonly { readonly kind: Personal; readonly findings: readonly Finding[] }[]

/** For programs: records by kind. */
type PrivacyData = Readonly<
  Record<string, readonly { readonly id: readonly string[]; readonly value: unknown }[]>
>

const privacyActions = defineActions('privacy', { ask: {}, delete: {}, keep: {} })

/** What a list of commands keeps about whoever asks, in this community, and how it is deleted. */
export function privacyFor(commands: readonly Command[]): Command {
  const kinds = commands.flatMap(({ personal = [] }) => personal)
  return defineCommand({
    name: 'privacy',
    called: (t) => t('privacy.name'),
    description: (t) => t('privacy.description'),
    subcommands: {
      show: subcommand({
        description: (t) => t('privacy.show.description'),
        visibility: 'person',
        async run(context: Context<PrivacyData>) {
          const kept = await keptAbout(kinds, context)
          await context.reply({
            elements: [...inWords(kept, context.t), ...more(kept, context.t)],
            data: asData(kept),
          })
        },
      }),
      delete: subcommand({
        description: (t) => t('privacy.delete.description'),
        visibility: 'person',
        async run(context) {
          const kept = await keptAbout(kinds, context)
          await context.reply({ elements: [...inWords(kept, context.t), ...ask(kept, context.t)] })
        },
      }),
    },
    actions: privacyActions.answeredBy({
      ask: {
        answers: 'edit',
        seenBy: 'person',
        async run(context) {
          const kept = await keptAbout(kinds, context)
          await context.reply({ elements: [...inWords(kept, context.t), ...ask(kept, context.t)] })
        },
      },
      delete: {
        answers: 'edit',
        seenBy: 'person',
        async run(context) {
          const kept = await keptAbout(kinds, context)
          for (const { findings } of kept) for (const finding of findings) await finding.forget()
          await context.reply(deleted(kept, context.t))
        },
      },
      keep: {
        answers: 'edit',
        seenBy: 'person',
        async run(context) {
          await context.reply({ elements: [text(context.t('privacy.kept'))] })
        },
      },
    }),
  })
}

async function keptAbout(
  kinds: readonly Personal[],
  { services: { store }, place, person, keeps = [] }: Context,
): Promise<Kept> {
  const kept = await Promise.all(
    [...kinds, ...keeps].map(async (kind) => ({
      kind,
      findings: await kind.find(store, place, person.id),
    })),
  )
  return kept.filter(({ findings }) => findings.length > 0)
}

const lines = (kept: Kept, t: Translate): string =>
  kept
    .map(
      ({ kind, findings }) =>
        `• ${capitalised(spoken(kind.what, t))}: ${findings.length.toLocaleString(t.language)}`,
    )
    .join('\n')

function inWords(kept: Kept, t: Translate): Element[] {
  if (kept.length === 0) return [text(t('privacy.nothing'))]
  return [heading(t('privacy.title')), text(lines(kept, t))]
}

function more(kept: Kept, t: Translate): Element[] {
  if (kept.length === 0) return []
  return [
    file({
      name: 'neuron-games-about-me.json',
      mimeType: 'application/json',
      bytes: Buffer.from(`${JSON.stringify(asData(kept), undefined, 2)}\n`),
    }),
    buttons([button(privacyActions.id('ask'), t('privacy.toDelete'), { style: 'danger' })]),
  ]
}

function ask(kept: Kept, t: Translate): Element[] {
  if (kept.length === 0) return []
  return [
    text(t('privacy.ask')),
    buttons([
      button(privacyActions.id('delete'), t('privacy.deleteAll'), { style: 'danger' }),
      button(privacyActions.id('keep'), t('privacy.keep')),
    ]),
  ]
}

const deleted = (kept: Kept, t: Translate): Reply<never> => ({
  elements: [
    text(kept.length === 0 ? t('privacy.nothingLeft') : `${t('privacy.deleted')}\n${lines(kept, t)}`),
    note(t('privacy.posts')),
  ],
})

/** Pictures as their size: the person has them, and a file must stay small enough to be sent. */
const asData = (kept: Kept): PrivacyData =>
  JSON.parse(
    JSON.stringify(
      Object.fromEntries(
        kept.map(({ kind, findings }) => [kind.kind, findings.map(({ id, value }) => ({ id, value }))]),
      ),
      // oxlint-disable-next-line house/no-sentence -- for programs
      (_key, value: unknown) => (value instanceof Uint8Array ? `a picture of ${value.length} bytes` : value),
    ),
  ) as PrivacyData
