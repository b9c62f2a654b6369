import { writeFile } from 'node:fs/promises'
import sharp from 'sharp'
import { createSupportsTerminalGraphics } from 'supports-terminal-graphics'
import type { Picture } from '../../chat/reply.ts'

export type Graphics = 'kitty' | 'iterm2' | 'sixel'

/** The height of a picture in lines: a card is legible at this size, and the answer's words stay in view. */
const cardLines = 30
const growingLines = 16
/** Cells are about this large; sixel counts pixels. */
const cellHeight = 20
const sixelColours = 128
/** The longest piece of one of kitty's commands. */
const chunk = 4096

/** The best way in which a terminal shows pictures; undefined if it shows none, as far as we can tell. */
export function graphicsOf(stream: { readonly isTTY?: boolean }): Graphics | undefined {
  if (!stream.isTTY) return undefined
  const { kitty, iterm2, sixel } = createSupportsTerminalGraphics(stream)
  return kitty ? 'kitty' : iterm2 ? 'iterm2' : sixel ? 'sixel' : undefined
}

/** An encoded picture as the bytes that make the terminal draw it, `lines` high. */
async function drawn(picture: Uint8Array, graphics: Graphics, lines: number): Promise<string> {
  if (graphics === 'iterm2')
    return `\u001b]1337;File=inline=1;size=${picture.length};height=${lines};preserveAspectRatio=1:${Buffer.from(picture).toString('base64')}\u0007`
  if (graphics === 'kitty') {
    const encoded = (await sharp(picture).png().toBuffer()).toString('base64')
    const pieces = encoded.match(new RegExp(`.{1,${chunk}}`, 'g')) ?? []
    return pieces
      .map((piece, index) => {
        const first = index === 0 ? `a=T,f=100,q=2,r=${lines},` : ''
        return `\u001b_G${first}m=${index < pieces.length - 1 ? 1 : 0};${piece}\u001b\\`
      })
      .join('')
  }
  const { image2sixel } = await import('sixel')
  const { data, info } = await sharp(picture)
    .resize({ height: lines * cellHeight })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return image2sixel(data, info.width, info.height, sixelColours)
}

export const drawnCard = (picture: Uint8Array, graphics: Graphics): Promise<string> =>
  drawn(picture, graphics, cardLines)

/** A picture that is redrawn in place, above the line that shows the progress. */
export class GrowingPicture {
  readonly #write: (text: string) => void
  readonly #graphics: Graphics
  #last: Promise<void> = Promise.resolve()
  #busy = false
  #begun = false

  constructor(write: (text: string) => void, graphics: Graphics) {
    this.#write = write
    this.#graphics = graphics
  }

  /** Makes room, so that nothing scrolls later. */
  begin(): void {
    if (!this.#begun) this.#write('\n'.repeat(growingLines))
    this.#begun = true
  }

  /** Steps that arrive while one is being drawn are skipped. */
  step(picture: () => Promise<Uint8Array>): void {
    if (!this.#busy) void this.show(picture)
  }

  async show(picture: () => Promise<Uint8Array>): Promise<void> {
    this.begin()
    this.#busy = true
    this.#last = this.#last
      .then(async () => {
        const text = await drawn(await picture(), this.#graphics, growingLines)
        // Up, to the left edge, draw, and back to where the cursor was.
        this.#write(`\u001b7\u001b[${growingLines}A\r${text}\u001b8`)
      })
      .finally(() => (this.#busy = false))
    return this.#last
  }
}

/** Writes a picture in the format that the file's name ends in; as it is if that names none. */
export async function savePicture({ bytes, mimeType }: Picture, file: string): Promise<void> {
  const ending = /\.(png|jpe?g|webp)$/i.exec(file)?.[1]!.toLowerCase().replace('jpg', 'jpeg')
  const format = ending as 'png' | 'jpeg' | 'webp' | undefined
  const asIs = format === undefined || mimeType === `image/${format}`
  await writeFile(file, asIs ? bytes : await sharp(bytes).toFormat(format).toBuffer())
}
