import type { ExpectStatic } from 'vitest'
import { scoreRecord } from '../../../commands/scores/record.ts'
import { answerRecord, askedRecord } from '../../../commands/spotlight/records.ts'
import { parseActionId } from '../../../src/chat/actions.ts'
import { inText } from '../../commands/harness.ts'
import type { Post, World } from './world.ts'

async function questionOf(world: World, { buttons }: Post) {
  const asked = await world.store.get(askedRecord, world.scope, [parseActionId(buttons[0]!.id)!.args[0]!])
  return asked!
}

/** There is one post, which gives nothing of the answer away, and a person can answer it once. */
export async function postedOnceAndAnswered(world: World, expect: ExpectStatic): Promise<void> {
  const [post, ...others] = await world.posts()
  expect(others).toEqual([])
  const { choices, answer, unit } = await questionOf(world, post!)
  const right = choices[answer]!
  expect(post!.said).toContain('The neuron of the day')
  expect(post!.pictures).toBe(3)
  expect(post!.buttons.map(({ label }) => label)).toEqual(choices)
  expect(post!.said).not.toMatch(inText(right))
  expect(post!.buttons.map(({ id }) => parseActionId(id)!.args[1])).toEqual(['0', '1', '2', '3'])

  const told = await world.press(post!, answer)
  expect(told.words).toContain(`Right! It is ${right}, unit ${unit}`)
  expect(told.forOne).toBe(true)
  expect((await world.press(post!, answer)).words).toContain('You have already answered')
  expect(await world.store.list(answerRecord, world.scope)).toHaveLength(1)
  expect(await world.store.list(scoreRecord, world.scope)).toHaveLength(1)
  expect(await world.posts()).toHaveLength(1)
}
