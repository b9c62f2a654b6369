import { EventEmitter, once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import sharp from 'sharp'
import { arg, defineActions } from '../../src/chat/actions.ts'
import { defineCommand, subcommand } from '../../src/chat/define.ts'
import { plain } from '../../src/chat/markup.ts'
import type { Element, Picture, Reply } from '../../src/chat/reply.ts'
import { ownerError } from '../../src/errors.ts'

export const text = (content: string): Reply<never> => ({ elements: [{ kind: 'text', text: content }] })

/** A plain square with a name in it, so that one picture can be told from another. */
export async function draw(name: string, colour: string, side = 320): Promise<Picture> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}"><rect width="100%" height="100%" fill="${colour}"/><text x="50%" y="55%" font-size="40" text-anchor="middle" fill="white">${name}</text></svg>`
  const bytes = await sharp(Buffer.from(svg)).png().toBuffer()
  return { bytes, mimeType: 'image/png', name: `${name}.png`, alt: `The word ${name} on ${colour}.` }
}

const neuronsActions = defineActions('neurons', { heat: { args: [arg.number, arg.number, arg.text] } })
const pollActions = defineActions('poll', {
  ask: {
    fields: {
      name: { type: 'text', description: 'A better name', required: true, maxLength: 20 },
      sure: {
        type: 'choice',
        description: 'How sure you are',
        choices: [
          { value: 'very', label: 'Very sure' },
          { value: 'hardly', label: 'Hardly' },
        ],
      },
    },
  },
  choose: { chosen: [arg.text] },
})
const whisperActions = defineActions('whisper', { post: {} })

const units = [
  { unit: 12, name: 'spider', colour: 'darkred' },
  { unit: 34, name: 'train', colour: 'darkgreen' },
]

async function card(bytes: number, chosen: number, theme: string): Promise<Reply<never>> {
  const { name, colour } = units.find(({ unit }) => unit === chosen)!
  const elements: Element[] = [
    { kind: 'heading', text: `**${name}** fires most` },
    { kind: 'picture', picture: { ...(await draw(name, colour)), dark: (await draw(name, 'black')).bytes } },
    { kind: 'note', text: `unit ${chosen} · ${bytes} bytes · drawn for ${theme}` },
    {
      kind: 'buttons',
      buttons: units.map((each) => ({
        id: neuronsActions.id('heat', each.unit, bytes, theme),
        label: each.name,
        style: each.unit === chosen ? ('primary' as const) : ('secondary' as const),
      })),
    },
  ]
  return { elements }
}

const slowRuns = new EventEmitter()

/** Resolves once a run of `/slow` waits to be moved on. */
export async function slowWaits(): Promise<void> {
  while (slowRuns.listenerCount('next') === 0) await wait(5)
}

/** Lets a run of `/slow` take its next step, as soon as it is waiting for that. */
export async function step(): Promise<void> {
  await slowWaits()
  slowRuns.emit('next')
}

/** One small command for everything that a reply, an option or an action can be. */
export const testCommands = [
  defineCommand({
    name: 'neurons',
    description: 'Which neurons fire for a picture?',
    options: {
      picture: { type: 'picture', description: 'The picture to look at', required: true },
      top: { type: 'integer', description: 'How many units', min: 1, max: 12 },
    },
    async run(context, { picture }) {
      const bytes = await picture.read()
      const { format } = await sharp(bytes)
        .metadata()
        .catch(() => ({ format: undefined }))
      if (!format) throw ownerError('bad-picture', 'This file is no picture that I can read.')
      await context.reply(await card(bytes.length, 12, context.theme))
    },
    pictureMenu: {
      label: 'Which neurons fire?',
      visibility: 'person',
      async run(context, pictures) {
        const bytes = await pictures[0]!.read()
        await context.reply(await card(bytes.length, 12, context.theme))
      },
    },
    actions: neuronsActions.answeredBy({
      heat: {
        answers: 'edit',
        run: async (context, [unit, bytes, theme]) =>
          void (await context.reply(await card(bytes, unit, theme))),
      },
    }),
  }),
  defineCommand({
    name: 'everything',
    description: 'Every kind of element',
    async run(context) {
      const [one, two] = [await draw('one', 'navy', 160), await draw('two', 'teal', 160)]
      await context.reply({
        elements: [
          { kind: 'heading', text: 'A heading' },
          { kind: 'text', text: `**bold** _italic_ \`code\` ${plain('*as typed*')}` },
          { kind: 'picture', picture: one },
          { kind: 'gallery', pictures: [one, two] },
          { kind: 'fields', fields: [{ name: 'Model', value: 'pocket' }] },
          {
            kind: 'bars',
            title: 'Strength',
            bars: [
              { label: 'spider', share: 1, value: '12.4 σ', highlighted: true },
              { label: 'web', share: 0.5, value: '6.2 σ' },
            ],
          },
          { kind: 'table', columns: ['player', 'score'], rows: [['Ada', '3']] },
          { kind: 'buttons', buttons: [{ id: pollActions.id('ask'), label: 'Answer', style: 'primary' }] },
          {
            kind: 'select',
            id: pollActions.id('choose'),
            placeholder: 'Which one?',
            choices: [
              { value: 'a', label: 'The first' },
              { value: 'b', label: 'The second' },
            ],
          },
          { kind: 'file', name: 'scores.csv', mimeType: 'text/csv', bytes: Buffer.from('player,score\n') },
          { kind: 'note', text: 'small print' },
        ],
      })
    },
  }),
  defineCommand({
    name: 'poll',
    description: 'Asks with a form',
    async run(context) {
      await context.reply({
        elements: [
          { kind: 'text', text: 'What is it?' },
          { kind: 'buttons', buttons: [{ id: pollActions.id('ask'), label: 'Answer' }] },
        ],
      })
    },
    actions: pollActions.answeredBy({
      ask: {
        answers: 'channel',
        form: () => ({ title: 'Your answer', submitLabel: 'Send it' }),
        run: async (context, _args, { name, sure = '' }) =>
          void (await context.reply(text(`answered ${name} ${sure}`))),
      },
      choose: {
        answers: 'person',
        run: async (context, args) => void (await context.reply(text(`chose ${args.join()}`))),
      },
    }),
  }),
  defineCommand({
    name: 'whisper',
    description: 'Answers the person alone',
    visibility: 'person',
    async run(context) {
      await context.reply({
        elements: [
          { kind: 'text', text: 'a secret' },
          { kind: 'buttons', buttons: [{ id: whisperActions.id('post'), label: 'Post it' }] },
        ],
      })
    },
    actions: whisperActions.answeredBy({
      post: {
        answers: 'person',
        async run(context) {
          await context.reply(text('posted'))
          await context.followUp(text('no secret any more'), 'channel')
        },
      },
    }),
  }),
  defineCommand({
    name: 'slow',
    description: 'Takes two steps, on each of which a test leads it',
    async run(context) {
      context.progress({ text: 'Waiting for others' })
      await once(slowRuns, 'next', { signal: context.signal }).catch(() => {
        throw ownerError('cancelled', 'Cancelled, as you wished.')
      })
      context.progress({ text: 'Drawing', fraction: 0.5, picture: await draw('half', 'purple', 160) })
      await once(slowRuns, 'next')
      await context.reply(text('done at last'))
    },
  }),
  defineCommand({
    name: 'mistake',
    description: 'A mistake of the person',
    options: {
      word: {
        type: 'text',
        description: 'Any word',
        complete: async (_context, typed) =>
          ['spider', 'spindle', 'train']
            .filter((word) => word.startsWith(typed))
            .map((word) => ({ value: word, label: `the word ${word}` })),
      },
    },
    run: () => Promise.reject(ownerError('bad-option', 'Please write another word.')),
  }),
  defineCommand({
    name: 'unit',
    description: 'A command that lacks an argument with completion',
    options: {
      which: {
        type: 'text',
        description: 'Which unit',
        required: true,
        complete: async (_context, typed) =>
          units
            .filter(({ name }) => name.startsWith(typed))
            .map(({ unit, name }) => ({ value: String(unit), label: `${name} (unit ${unit})` })),
      },
    },
    run: async (context, { which }) => void (await context.reply(text(`unit ${which}`))),
  }),
  defineCommand({
    name: 'fault',
    description: 'A fault of ours',
    run: () => Promise.reject(new Error('secret detail')),
  }),
  defineCommand({
    name: 'contest',
    description: 'Contests',
    subcommands: {
      start: subcommand({
        description: 'Opens a contest',
        options: {
          target: { type: 'text', description: 'What the model shall see', required: true },
          ink: {
            type: 'choice',
            description: 'How much ink',
            choices: [
              { value: 'little', label: 'A little' },
              { value: 'much', label: 'Much' },
            ],
          },
          public: { type: 'boolean', description: 'Everybody may enter' },
        },
        run: async (context, { target, ink = 'any' }) =>
          void (await context.reply(text(`contest for ${target}, ${ink} ink`))),
      }),
      end: subcommand({
        description: 'Ends the contest',
        moderators: true,
        run: async (context) => void (await context.reply(text('ended'))),
      }),
    },
  }),
]
