import { join } from 'node:path'
import { createCanvas, GlobalFonts } from '@napi-rs/canvas'
import type { ProbeSource } from '../../src/clip/probe-set.ts'
import { npmPackage } from './fetch.ts'

/** Families that the pocket model never saw: package, version, weight, file. */
const fonts = [
  ['nunito', '0.4.2', '700Bold', 'Nunito'],
  ['bitter', '0.4.2', '600SemiBold', 'Bitter'],
  ['space-mono', '0.4.2', '700Bold', 'SpaceMono'],
  ['caveat', '0.4.2', '700Bold', 'Caveat'],
  ['patrick-hand', '0.4.1', '400Regular', 'PatrickHand'],
  ['bebas-neue', '0.4.1', '400Regular', 'BebasNeue'],
  ['special-elite', '0.4.1', '400Regular', 'SpecialElite'],
  ['permanent-marker', '0.4.0', '400Regular', 'PermanentMarker'],
] as const

const inks = ['#101010', '#101010', '#14306e', '#8c1d18', '#1d5b2c', '#54257a']

const spellings = [
  (word: string) => word,
  (word: string) => word.toUpperCase(),
  (word: string) => word[0]!.toUpperCase() + word.slice(1),
]

export const wordSource: ProbeSource = {
  title: 'written words',
  version: fonts.map(([font, version]) => `npm @expo-google-fonts/${font} ${version}`).join(', '),
  author: 'neuron games',
  url: 'https://github.com/expo/google-fonts',
  licence: 'MIT',
  heldOut: true,
}

/** Picked by hand from the vocabulary's frequent words: none that would be unwelcome beside somebody's picture. */
const frequentWords = [
  'active activities alert alliance ancient anytime area arrived average back ball ballet band beer berry',
  'besides book budget buffalo bunny calm canada carry chairman chess choices citizens claim classic clean',
  'clown coach comfort council count couple creatures cruise cute dance date daughter dawn depends',
  'direction dirt doll dollar dough dressed early eastern emotions empty ending ends enjoy evergreen',
  'everything exact exhibit famous farm fashion favorite festival filled fine five funny future gain',
  'gathering glass glory glove gold governor grace gracious great harbor helping helps hope incredible',
  'internet interview journal laboratory laughed lavender leather legs letters lots remote reporter',
  'reservation rolls rounds salad sauce savings seeing series sharing show sides sight sign signed slow',
  'smarter smell smile snakes spirit start stay step strength sugar sweetheart swing taste technique',
  'through throw thunder tracks trail training truck true twice understand usually very vessel voices',
  'winter wish wood wooden woods workers yeah yesterday youth',
].flatMap((line) => line.split(' '))

/** The frequent words, and as many names of things that the set also shows: an even sample of `drawn`. */
export function wordsToWrite(drawn: ReadonlySet<string>): string[] {
  const names = [...drawn].filter((text) => /^[a-z]{4,11}$/.test(text)).sort()
  const step = names.length / frequentWords.length
  const sample = frequentWords.map((_, i) => names[Math.floor(i * step)]!)
  return [...sample, ...frequentWords.filter((word) => !sample.includes(word))].sort()
}

/** @returns PNGs of side x side pixels with one word each, fonts, inks and spellings taking turns. */
export function drawWords(words: readonly string[], side: number): Buffer[] {
  for (const [font, version, weight, file] of fonts) {
    const path = join(npmPackage(`@expo-google-fonts/${font}`, version), weight, `${file}_${weight}.ttf`)
    if (!GlobalFonts.registerFromPath(path, file)) throw new Error(`${path} is no font`)
  }
  return words.map((word, i) => {
    const canvas = createCanvas(side, side)
    const context = canvas.getContext('2d')
    context.fillStyle = 'white'
    context.fillRect(0, 0, side, side)
    const text = spellings[i % spellings.length]!(word)
    const face = fonts[i % fonts.length]![3]
    context.font = `100px ${face}`
    const { actualBoundingBoxLeft, actualBoundingBoxRight } = context.measureText(text)
    const width = actualBoundingBoxLeft + actualBoundingBoxRight
    const size = Math.min((100 * side * 0.86) / width, side * 0.45)
    context.font = `${size}px ${face}`
    const box = context.measureText(text)
    context.fillStyle = inks[i % inks.length]!
    context.fillText(
      text,
      (side - box.actualBoundingBoxRight + box.actualBoundingBoxLeft) / 2,
      (side + box.actualBoundingBoxAscent - box.actualBoundingBoxDescent) / 2,
    )
    return canvas.toBuffer('image/png')
  })
}
