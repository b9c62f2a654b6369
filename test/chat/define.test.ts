import { expect, test } from 'vitest'
import { arg, defineActions } from '../../src/chat/actions.ts'
import type { Context } from '../../src/chat/context.ts'
import { defineCommand, subcommand } from '../../src/chat/define.ts'
import { choicesOf } from '../../src/chat/options.ts'
import { parseOptions } from '../../src/chat/parse-options.ts'

/** Mistakes that must not compile: `npx tsc` fails if one of the lines after an @ts-expect-error does. */
const huntActions = defineActions('hunt', {
  board: { args: [arg.number] },
  page: { args: [arg.oneOf(['seen', 'read']), arg.optional(arg.number)] },
  choose: { args: [], chosen: [arg.text] },
  rename: { args: [arg.number], fields: { name: { type: 'text', description: 'Name', required: true } } },
})
const nothing = async () => {}

test('an option that is not declared, or is of another type, does not compile', () => {
  defineCommand({
    name: 'wait',
    description: 'Waits',
    options: {
      secnod: { type: 'integer', description: 'How many' },
      who: { type: 'text', description: 'Who', required: true },
      how: { type: 'choice', description: 'How', choices: choicesOf(['fast', 'slow']) },
    },
    async run(_context, options) {
      // @ts-expect-error: misspelt
      void options.second
      // @ts-expect-error: it may be left out
      void options.secnod.toFixed()
      // @ts-expect-error: none of the choices
      void (options.how === 'quickly')
      const { who, secnod, how }: { who: string; secnod: number | undefined; how?: string | undefined } =
        options
      void [who, secnod, how]
    },
  })
  subcommand({
    description: 'Takes nothing',
    async run(_context, options) {
      // @ts-expect-error: it has no options
      void options.second
    },
  })
})

test('the id of an action that nobody declares, or with the wrong arguments, does not compile', () => {
  const mistakes = [
    // @ts-expect-error: no such action
    () => huntActions.id('baord', 1),
    // @ts-expect-error: an argument is missing
    () => huntActions.id('board'),
    // @ts-expect-error: of another kind
    () => huntActions.id('board', '1'),
    // @ts-expect-error: one too many
    () => huntActions.id('board', 1, 2),
    // @ts-expect-error: none of the values
    () => huntActions.id('page', 'heard'),
    // @ts-expect-error: what is chosen comes with the press
    () => huntActions.id('choose', 'all'),
  ]
  expect(mistakes).toHaveLength(6)
})

test('an action that nobody answers, or that nobody declares, does not compile', () => {
  const board = { answers: 'person', run: nothing } as const
  const rename = { ...board, form: () => ({ title: 'Name', submitLabel: 'Go' }) } as const
  const all = { board, page: board, choose: board, rename }
  huntActions.answeredBy(all)
  const mistakes = [
    // @ts-expect-error: page, choose and rename are not answered
    () => huntActions.answeredBy({ board }),
    // @ts-expect-error: nobody declared it
    () => huntActions.answeredBy({ ...all, baord: board }),
    // @ts-expect-error: its fields need a form
    () => huntActions.answeredBy({ ...all, rename: board }),
  ]
  expect(mistakes).toHaveLength(3)
  huntActions.answeredBy({
    ...all,
    board: {
      answers: 'edit',
      async run(_context, [number]) {
        // @ts-expect-error: it is a number
        void number.length
      },
    },
    rename: {
      ...rename,
      async run(_context, _args, values) {
        // @ts-expect-error: misspelt
        void values.nmae
        void values.name.length
      },
    },
  })
})

test('data of a shape that the command does not declare does not compile', () => {
  defineCommand({
    name: 'count',
    description: 'Counts',
    async run(context) {
      // @ts-expect-error: none is declared
      await context.reply({ elements: [], data: { count: 3 } })
    },
  })
  defineCommand({
    name: 'count',
    description: 'Counts',
    async run(context: Context<{ count: number }>) {
      await context.reply({ elements: [], data: { count: 3 } })
      // @ts-expect-error: of another shape
      await context.reply({ elements: [], data: { count: 'three' } })
    },
  })
})

test('an id carries its arguments there and back, and stays what it was', async () => {
  const seen: unknown[] = []
  const { page, choose } = huntActions.answeredBy({
    board: { answers: 'person', run: nothing },
    page: { answers: 'edit', run: async (_context, args) => void seen.push(args) },
    choose: { answers: 'edit', run: async (_context, args) => void seen.push(args) },
    rename: { answers: 'edit', run: nothing, form: () => ({ title: '', submitLabel: '' }) },
  })
  expect(huntActions.id('board', 3)).toBe('hunt/board/3')
  expect(huntActions.id('page', 'read', 2)).toBe('hunt/page/read/2')
  expect(huntActions.id('page', 'seen')).toBe('hunt/page/seen')
  const run = (action: typeof page, ...args: string[]) => action!.run({} as never, args, {})
  await run(page, 'read', '2')
  await run(page, 'seen')
  await run(choose, 'a/b')
  expect(seen).toEqual([['read', 2], ['seen', undefined], ['a/b']])
  for (const wrong of [['heard', '2'], ['read', 'two'], []])
    expect(() => run(page, ...wrong)).toThrow('belongs to an older version')
})

test('nothing people type hits a key of ours by accident', () => {
  expect(() => parseOptions({}, { constructor: 'x' })).toThrow('There is no option "constructor"')
})
