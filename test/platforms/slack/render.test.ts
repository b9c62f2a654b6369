import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Element, Picture } from '../../../src/chat/reply.ts'
import { english } from '../../../src/language.ts'
import { formOf, renderForm } from '../../../src/platforms/slack/form.ts'
import { limits } from '../../../src/platforms/slack/limits.ts'
import { renderReply } from '../../../src/platforms/slack/render.ts'
import { examples } from '../../examples.ts'
import { testCommands } from '../test-commands.ts'
import { differences, publishedIsMissing, wrongWithBlocks, wrongWithView } from './block-rules.ts'

const words = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ minLength: 3500, maxLength: 4500 }),
  fc.constant(''),
)
const picture: fc.Arbitrary<Picture> = words.map((alt) => ({
  bytes: new Uint8Array(1),
  mimeType: 'image/png',
  name: 'a.png',
  alt: alt || 'a picture',
}))
const many = <T>(one: fc.Arbitrary<T>, most = 30): fc.Arbitrary<T[]> => fc.array(one, { maxLength: most })
const id = fc.uuid().map((one) => `command/action/${one}`)

const element: fc.Arbitrary<Element> = fc.oneof(
  fc.record({ kind: fc.constantFrom('heading', 'text', 'note'), text: words }),
  fc.record({ kind: fc.constant('picture' as const), picture }),
  fc.record({ kind: fc.constant('gallery' as const), pictures: many(picture, 4) }),
  fc.record({
    kind: fc.constant('fields' as const),
    fields: many(fc.record({ name: words, value: words }), 4),
  }),
  fc.record({
    kind: fc.constant('bars' as const),
    title: words,
    bars: many(
      fc.record({ label: words, share: fc.double({ min: 0, max: 1, noNaN: true }), value: words }),
      9,
    ),
  }),
  fc.record({ kind: fc.constant('table' as const), columns: many(words, 3), rows: many(many(words, 3)) }),
  fc.record({
    kind: fc.constant('buttons' as const),
    buttons: many(fc.record({ id, label: words, disabled: fc.boolean() })),
  }),
  fc.record({
    kind: fc.constant('select' as const),
    id,
    placeholder: words,
    choices: many(fc.record({ value: fc.uuid(), label: words }), 120),
  }),
)

describe('a reply as blocks', () => {
  test('whatever a command replies, Slack accepts it', () => {
    fc.assert(
      fc.property(fc.array(element, { minLength: 1, maxLength: 60 }), (elements) => {
        const message = renderReply({ elements })
        const blocks = message.blocks(message.pictures.map((_, index) => `F${index}`))
        expect(wrongWithBlocks(blocks, 'message')).toEqual([])
        expect(message.text.length).toBeGreaterThan(0)
        expect(message.text.length).toBeLessThanOrEqual(limits.fallbackText)
      }),
      examples(20),
    )
  })

  test('what does not fit is counted', () => {
    const elements = Array.from({ length: 70 }, (_, index): Element => ({
      kind: 'text',
      text: `line ${index}`,
    }))
    expect(JSON.stringify(renderReply({ elements }).blocks([]))).toContain('[…]')
  })

  test('a role is pinged, and nobody else can be', () => {
    const elements: Element[] = [{ kind: 'text', text: '<!channel> <@U1> @here' }]
    const [ping, body] = renderReply({ elements, pingRole: 'S123' }).blocks([])
    expect(ping).toEqual({ type: 'section', text: { type: 'mrkdwn', text: '<!subteam^S123>' } })
    // Rich text shows whatever is in it; only mrkdwn would ping anybody.
    expect(JSON.stringify(body)).not.toContain('mrkdwn')
    expect(renderReply({ elements }).text).not.toMatch(/<[!@]/)
  })
})

test.each(testCommands.flatMap((command) => ('subcommands' in command ? [] : [command])))(
  'Slack accepts the modal of /$name',
  (command) => {
    const form = formOf([command.name], command)
    if (Object.keys(form.fields).length === 0) return
    const view = renderForm(form, { callbackId: 'command', metadata: '{}', path: [command.name], t: english })
    expect(wrongWithView(view as unknown as Record<string, unknown>)).toEqual([])
  },
)

test.skipIf(publishedIsMissing)(`our limits are the published ones (${publishedIsMissing ?? ''})`, () => {
  expect(differences()).toEqual([])
})
