import { join } from 'node:path'
import { GlobalFonts } from '@napi-rs/canvas'
import { projectRoot } from '../root.ts'

const folder = join(projectRoot, 'assets/fonts')

/**
 * Family name to files, in the order in which a character is looked up. The names are our own, so that no installed font
 * of the same name can take a file's place. Every text names all families, so only a character that none of them has
 * falls back to the machine's own fonts.
 */
const families = [
  ['Cards Latin', 'inter/Inter-Regular.ttf', 'inter/Inter-SemiBold.ttf'],
  ['Cards Arabic', 'noto/NotoSansArabic-Regular.ttf', 'noto/NotoSansArabic-Bold.ttf'],
  ['Cards Hebrew', 'noto/NotoSansHebrew-Regular.ttf', 'noto/NotoSansHebrew-Bold.ttf'],
  ['Cards Devanagari', 'noto/NotoSansDevanagari-Regular.ttf', 'noto/NotoSansDevanagari-Bold.ttf'],
  ['Cards Thai', 'noto/NotoSansThai-Regular.ttf', 'noto/NotoSansThai-Bold.ttf'],
  ['Cards CJK', 'noto-cjk/NotoSansCJKsc-Regular-subset.otf'],
  ['Cards Emoji', 'noto/NotoColorEmoji.ttf'],
  ['Cards Symbols', 'noto/NotoSansSymbols2-Regular.ttf'],
  ['Cards Math', 'noto/NotoSansMath-Regular.ttf'],
] as const

const handwritingFamily = ['Cards Handwriting', 'shantell-sans/ShantellSans-SemiBold.ttf'] as const

const registered = new Set(GlobalFonts.families.map(({ family }) => family))
for (const [family, ...files] of [...families, handwritingFamily]) {
  // The font registry belongs to the process: another thread may have filled it already.
  if (registered.has(family)) continue
  for (const file of files) {
    const path = join(folder, file)
    if (!GlobalFonts.registerFromPath(path, family)) throw new Error(`Cannot load the font ${path}.`)
  }
}

const listed = families.map(([family]) => `"${family}"`).join(', ')

export type Weight = 'regular' | 'bold'

/** A canvas `font` of the given size in pixels that covers every script that the project ships. */
export const font = (size: number, weight: Weight = 'regular'): string =>
  `${weight === 'bold' ? 600 : 400} ${size}px ${listed}`

/** The same in handwriting for the scripts that it has (Latin, Cyrillic). */
export const handwriting = (size: number): string => `600 ${size}px "${handwritingFamily[0]}", ${listed}`
