import sharp from 'sharp'
import { drawLabels } from '../../src/cards/ink-label.ts'
import { samples, readSample } from '../../commands/fool/samples.ts'
import { type Answer, pictureSource, type Table } from './harness.ts'

type Room = Pick<Table, 'person'>

const pixelsOf = async (bytes: Uint8Array) => {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data }
}
const encoded = ({ width, height, data }: { width: number; height: number; data: Uint8Array }) =>
  sharp(data, { raw: { width, height, channels: 3 } })

export const sampleOf = (id: string): Promise<Uint8Array> =>
  readSample(samples.pictures.find((sample) => sample.id === id)!)

/** Written on with the player's own drawing program, a border cut off, a size smaller, and saved as JPEG. */
export async function edited(id: string, text: string, size: number): Promise<Uint8Array> {
  const picture = await pixelsOf(await sampleOf(id))
  const label = {
    text,
    x: 360,
    y: 560,
    size,
    angle: -8,
    colour: '#111111',
    style: 'print',
    paper: true,
  } as const
  return encoded(drawLabels({ picture, labels: [label] }))
    .extract({ left: 10, top: 6, width: 700, height: 704 })
    .resize(600)
    .jpeg({ quality: 82 })
    .toBuffer()
}

/** A thing in front of a wall, a wide picture, with a label leaning on it. */
export async function photograph(id: string, text: string | undefined): Promise<Uint8Array> {
  const thing = await sharp(await sampleOf(id))
    .resize(600, 600)
    .modulate({ brightness: 0.85 })
    .blur(1.2)
    .toBuffer()
  const wall = sharp({ create: { width: 900, height: 680, channels: 3, background: '#b9a58c' } })
  const taken = await pixelsOf(
    await wall
      .composite([{ input: thing, left: 150, top: 40 }])
      .png()
      .toBuffer(),
  )
  const label = {
    text: text ?? '',
    x: 430,
    y: 520,
    size: 110,
    angle: 4,
    colour: '#15151a',
    style: 'handwriting',
    paper: true,
  } as const
  return encoded(drawLabels({ picture: taken, labels: text === undefined ? [] : [label] }))
    .jpeg({ quality: 88 })
    .toBuffer()
}

/** A contest, as three players play it. */
export const steps = {
  start: (room: Room): Promise<Answer> =>
    room.person('Olga').run('fool start', { target: 'pizza', sample: 'dog' }),
  async write(room: Room): Promise<Answer> {
    const preview = await room.person('Ada').run('fool write', { text: 'pizza', where: 'bottom', size: 10 })
    return room.person('Ada').press(preview, 'Enter the contest')
  },
  edit: async (room: Room): Promise<Answer> =>
    room.person('Bob').run('fool enter', { picture: pictureSource(await edited('dog', 'pizza', 90)) }),
  photograph: async (room: Room): Promise<Answer> =>
    room.person('Cleo').run('fool enter', {
      picture: pictureSource(await photograph('dog', 'pizza')),
      photograph: true,
    }),
  board: (room: Room): Promise<Answer> => room.person('Dora').run('fool board'),
  end: (room: Room): Promise<Answer> => room.person('Olga').run('fool end'),
}
