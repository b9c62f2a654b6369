import { beforeAll, describe, expect, test } from 'vitest'
import { fool } from '../../commands/fool.ts'
import { whereOf } from '../../commands/fool/place.ts'
import { atLength } from '../examples.ts'
import { picturesOf, textOf, type Answer } from './harness.ts'
import { openHome } from './home.ts'

describe('a preview of /fool write takes a point', () => {
  const { player } = openHome([fool])
  /** All in the community of a single contest. */
  const member = (name: string) => player(name, { community: 'home' })
  beforeAll(() => member('Ada').run('fool start', { sample: 'apple', target: 'teapot' }))

  const written = (answer: Answer) => picturesOf(answer).at(-1)!

  test.runIf(atLength)(
    'the same words are written where the picture is pressed, and measured again',
    async () => {
      const ada = member('Ada')
      const first = await ada.run('fool write', { text: 'teapot', where: 'bottom', size: '9', colour: 'red' })
      const placed = await ada.tap(first, 0.3, 0.2)
      expect(placed.visibility).toBe('edit')
      expect(written(placed).alt).toContain('“teapot”')
      expect(textOf(placed)).toContain('nothing counts yet')
      const typed = await ada.run('fool write', { text: 'teapot', where: '30,20', size: '9', colour: 'red' })
      expect(written(placed).bytes).toEqual(written(typed).bytes)
      expect(placed.reply?.data).toEqual(typed.reply?.data)
      expect(written(placed).bytes).not.toEqual(written(first).bytes)
    },
  )

  test('again and again, each time from what was seen last; what was placed is entered', async () => {
    const ada = member('Ada')
    const first = await ada.run('fool write', { text: 'teapot' })
    const second = await ada.tap(await ada.tap(first, 0.8, 0.8), 0.5, 0.2)
    const entered = await ada.press(second, 'Enter the contest')
    expect(textOf(entered)).toContain('Ada')
  })

  test.runIf(atLength)('eight words in the layout of the paper have their places', async () => {
    const preview = await member('Ada').run('fool write', { text: 'teapot', where: 'eight times' })
    expect(picturesOf(preview)).toHaveLength(1)
  })

  test('nobody places the words of another', async () => {
    const preview = await member('Ada').run('fool write', { text: 'teapot' })
    const { refused } = await member('Ben').tap(preview, 0.5, 0.5)
    expect(refused).toContain('Only the person who wrote this')
  })
})

describe('a point of a picture', () => {
  test.each([
    [{ width: 400, height: 400 }, 0.25, 0.75, '25,75'],
    [{ width: 800, height: 400 }, 0.25, 0.75, '0,75'],
    [{ width: 800, height: 400 }, 0.6, 0, '70,0'],
    [{ width: 800, height: 400 }, 0.05, 0.5, '0,50'],
    [{ width: 400, height: 800 }, 0.1, 1, '10,100'],
  ])('of %o at %f, %f is %s in the square that the model sees', (picture, x, y, place) => {
    expect(whereOf(picture, x, y)).toBe(place)
  })
})
