import { button, buttons, file, heading, note, text } from '../src/chat/elements.ts'
import { defineActions } from '../src/chat/actions.ts'
import type { Context } from '../src/chat/context.ts'
import type { Command } from '../src/chat/command.ts'
import { defineCommand, subcommand } from '../src/chat/define.ts'
import { spoken, type Translate } from '../src/language.ts'
import type { Finding, Personal } from '../src/chat/personal.ts'
import type { Element, Reply } from '../src/chat/reply.ts'

type Kept = readonly { readonly kind: Personal; readonly findings: readonly Finding[] }[]

/** For programs: records by kind. */
type PrivacyData = Readonly<
  Record<string, readonly { readonly id: readonly string[]; readonly value: unknown }[]>
>

const privacyActions = defineActions('privacy', { ask: {}, delete: {}, keep: {} })

/** What the commands of a list keep about the person who asks, in this community, and how it is deleted. */
export function privacyFor(commands: readonly Command[]): Command {
  const kinds = commands.flatMap(({ personal = [] }) => personal)
  return defineCommand({
    name: 'privacy',
    called: (t) => t('privacy.name'),
    description: (t) => t('privacy.description'),
    subcommands: {
      show: subcommand({
        description: 'What I keep about you, in words and as a file',
        visibility: 'person',
        async run(context: Context<PrivacyData>) {
          const kept = await keptAbout(kinds, context)
          await context.reply({ elements: [...inWords(kept, context.t), ...more(kept)], data: asData(kept) })
        },
      }),
      delete: subcommand({
        description: 'Delete what I keep about you, your entries and pictures included',
        visibility: 'person',
        async run(context) {
          const kept = await keptAbout(kinds, context)
          await context.reply({ elements: [...inWords(kept, context.t), ...ask(kept)] })
        },
      }),
    },
    actions: privacyActions.answeredBy({
      ask: {
        answers: 'edit',
        async run(context) {
          const kept = await keptAbout(kinds, context)
          await context.reply({ elements: [...inWords(kept, context.t), ...ask(kept)] })
        },
      },
      delete: {
        answers: 'edit',
        async run(context) {
          const kept = await keptAbout(kinds, context)
          for (const { findings } of kept) for (const finding of findings) await finding.forget()
          await context.reply(deleted(kept, context.t))
        },
      },
      keep: {
        answers: 'edit',
        async run(context) {
          await context.reply({ elements: [text('Nothing was deleted.')] })
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
  kept.map(({ kind, findings }) => `• ${capital(spoken(kind.what, t))}: ${findings.length}`).join('\n')

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

function inWords(kept: Kept, t: Translate): Element[] {
  if (kept.length === 0) return [text('I keep nothing about you in this community.')]
  return [heading('What I keep about you in this community'), text(lines(kept, t))]
}

function more(kept: Kept): Element[] {
  if (kept.length === 0) return []
  return [
    file({
      name: 'neuron-games-about-me.json',
      mimeType: 'application/json',
      bytes: Buffer.from(`${JSON.stringify(asData(kept), undefined, 2)}\n`),
    }),
    buttons([button(privacyActions.id('ask'), 'Delete it', { style: 'danger' })]),
  ]
}

function ask(kept: Kept): Element[] {
  if (kept.length === 0) return []
  return [
    text('Delete all of this? Your points and entries go with it, and nothing brings them back.'),
    buttons([
      button(privacyActions.id('delete'), 'Delete it all', { style: 'danger' }),
      button(privacyActions.id('keep'), 'Keep it'),
    ]),
  ]
}

const deleted = (kept: Kept, t: Translate): Reply<never> => ({
  elements: [
    text(kept.length === 0 ? 'There was nothing left to delete.' : `**Deleted:**\n${lines(kept, t)}`),
    note('What I have already posted in channels stays there until a moderator deletes it.'),
  ],
})

/** Pictures as their size: the person has them, and a file must stay small enough to be sent. */
const asData = (kept: Kept): PrivacyData =>
  JSON.parse(
    JSON.stringify(
      Object.fromEntries(
        kept.map(({ kind, findings }) => [kind.kind, findings.map(({ id, value }) => ({ id, value }))]),
      ),
      (_key, value: unknown) => (value instanceof Uint8Array ? `a picture of ${value.length} bytes` : value),
    ),
  ) as PrivacyData
