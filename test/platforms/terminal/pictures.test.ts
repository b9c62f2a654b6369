import sharp from 'sharp'
import { decode } from 'sixel'
import { beforeAll, describe, expect, test } from 'vitest'
import { drawnCard, graphicsOf, GrowingPicture } from '../../../src/platforms/terminal/pictures.ts'

let picture: Uint8Array
beforeAll(async () => {
  const pixels = Buffer.alloc(300 * 200 * 3, 200)
  picture = await sharp(pixels, { raw: { width: 300, height: 200, channels: 3 } })
    .jpeg()
    .toBuffer()
})

describe('a picture in the terminal', () => {
  test('goes out in pieces by kitty’s protocol, which add up to the same picture', async () => {
    const drawn = await drawnCard(picture, 'kitty')
    const commands = drawn
      .split('\u001b_G')
      .slice(1)
      .map((each) => each.replace('\u001b\\', '').split(';'))
    expect(commands.map(([, data]) => data!.length).every((length) => length <= 4096)).toBe(true)
    expect(commands[0]![0]).toMatch(/^a=T,f=100,q=2,r=30,m=/)
    expect(commands.at(-1)![0]).toMatch(/m=0$/)
    const png = Buffer.from(commands.map(([, data]) => data).join(''), 'base64')
    expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width: 300, height: 200 })
  })

  test('goes out as it is by iTerm2’s', async () => {
    const drawn = await drawnCard(picture, 'iterm2')
    expect(drawn.startsWith('\u001b]1337;File=inline=1;')).toBe(true)
    const data = drawn.slice(drawn.lastIndexOf(':') + 1, -1)
    expect(Buffer.from(data, 'base64')).toEqual(Buffer.from(picture))
  })

  test('goes out as sixels, 30 lines high', async () => {
    const { width, height, data32 } = decode(await drawnCard(picture, 'sixel'))
    expect(height).toBe(600)
    // The encoder fills up the last cell.
    expect(width - 900).toBeGreaterThanOrEqual(0)
    expect(width - 900).toBeLessThan(10)
    expect(Math.abs((data32[300 * width + 450]! & 0xff) - 200)).toBeLessThan(4)
  })

  test('is drawn only in a terminal', () => {
    expect(graphicsOf({ isTTY: false })).toBeUndefined()
  })
})

test('a growing picture is drawn over itself, and room for it is made only once', async () => {
  let written = ''
  const growing = new GrowingPicture((text) => (written += text), 'iterm2')
  growing.begin()
  await growing.show(async () => picture)
  await growing.show(async () => picture)
  expect(written.split('\n')).toHaveLength(17)
  expect(written.split('\u001b7\u001b[16A\r')).toHaveLength(3)
  expect(written.endsWith('\u001b8')).toBe(true)
})
