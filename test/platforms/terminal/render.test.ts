import { expect, test } from 'vitest'
import type { Reply } from '../../../src/chat/reply.ts'
import { renderReply } from '../../../src/platforms/terminal/render.ts'

const reply: Reply = {
  elements: [
    { kind: 'heading', text: 'What fires' },
    { kind: 'text', text: 'The **spider** unit, _strongly_' },
    {
      kind: 'bars',
      bars: [
        { label: 'spider', share: 1, value: '12.0 σ' },
        { label: '蜘蛛', share: 0.5, value: '6.0 σ' },
      ],
    },
    { kind: 'table', columns: ['unit', 'name'], rows: [['3', 'train']] },
    { kind: 'buttons', buttons: [{ id: 'neurons/heat/a/3', label: 'train' }] },
  ],
}

test('a reply becomes plain lines; bars are in one column, even beside wide scripts', () => {
  const bar = (filled: number) => '█'.repeat(filled) + '░'.repeat(20 - filled)
  expect(renderReply(reply, { width: 34, colour: false }).split('\n')).toEqual([
    'What fires',
    'The spider unit, strongly',
    `spider ${bar(20)} 12.0 σ`,
    `蜘蛛   ${bar(10)} 6.0 σ`,
    'unit  name',
    '3     train',
  ])
})

test('buttons are listed for whoever asks for them', () => {
  expect(renderReply(reply, { width: 34, colour: false, buttons: true })).toMatch(
    /\n> train: npx neuron-games press neurons\/heat\/a\/3$/,
  )
})

test('a picture is where it belongs if the terminal can draw it', () => {
  const picture = { bytes: new Uint8Array(), mimeType: 'image/png', name: 'card.png', alt: 'a card' } as const
  const elements: Reply['elements'] = [
    { kind: 'picture', picture, instead: [{ kind: 'text', text: 'bars' }] },
    { kind: 'note', text: 'Model' },
  ]
  const drawn = new Map([[picture, '<drawn>']])
  expect(renderReply({ elements }, { width: 34, colour: true, drawn })).toMatch(/^<drawn>\n/)
  expect(renderReply({ elements }, { width: 34, colour: false })).toBe('bars\nModel')
})

test('colours appear only if they are asked for', () => {
  expect(renderReply(reply, { width: 80, colour: true })).toContain('\u001b[1mspider')
  expect(renderReply(reply, { width: 80, colour: false })).not.toContain('\u001b')
})
