/**
 * What a person has written and drawn on a picture so far, and how to take it back.
 * @import { Item, Style, Word } from './items.js'
 */
import { colours } from './items.js'

const mostItems = 200
const mostSteps = 100
/** As a share of the picture's shorter side. */
const firstSize = 0.16
const smallest = 0.03
const largest = 0.5

export class Sketch {
  /** @type {Item[]} */
  items = []
  /** @type {'word' | 'pen'} */
  tool = 'word'
  colour = colours.black
  /** @type {Style} */
  style = 'note'
  penWidth
  /** The word being typed, dragged and turned. @type {Word | undefined} */
  word
  #width
  #height
  /** What there was before each step. @type {string[]} */
  #before = []

  /** @param {{ width: number, height: number }} picture */
  constructor({ width, height }) {
    this.#width = width
    this.#height = height
    this.penWidth = Math.round(this.side * 0.02)
  }

  get side() {
    return Math.min(this.#width, this.#height)
  }

  get canUndo() {
    return this.#before.length > 0
  }

  /** All the words written, to be checked against the community's rules. */
  get text() {
    return this.items.flatMap((item) => (item.kind === 'word' ? item.text : [])).join(' ')
  }

  /** Must be called before every action of the person. */
  step() {
    const now = JSON.stringify(this.items)
    if (this.#before.at(-1) !== now) this.#before.push(now)
    if (this.#before.length > mostSteps) this.#before.shift()
  }

  undo() {
    const now = JSON.stringify(this.items)
    let before = this.#before.pop()
    while (before === now) before = this.#before.pop()
    if (before === undefined) return
    const at = this.word ? this.items.indexOf(this.word) : -1
    this.items = JSON.parse(before)
    const same = this.items[at]
    const words = this.items.filter((item) => item.kind === 'word')
    this.select(same?.kind === 'word' ? same : words.at(-1))
  }

  clear() {
    this.step()
    this.items = []
    this.word = undefined
  }

  /** @param {Word | undefined} word */
  select(word) {
    this.word = word
    if (!word) return
    this.colour = word.colour
    this.style = word.style
  }

  /** @param {string} text */
  type(text) {
    if (text.trim() === '') this.removeWord()
    else if (this.word) this.word.text = text
    else if (this.items.length < mostItems) {
      const { style, colour } = this
      const size = this.side * firstSize
      const place = { x: this.#width / 2, y: this.#height / 2, angle: 0 }
      this.word = { kind: 'word', text, ...place, size, colour, style }
      this.items.push(this.word)
    }
  }

  removeWord() {
    this.items = this.items.filter((item) => item !== this.word)
    this.word = undefined
  }

  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    if (!this.word) return
    this.word.x = Math.min(this.#width, Math.max(0, x))
    this.word.y = Math.min(this.#height, Math.max(0, y))
  }

  /** @param {number} size */
  resize(size) {
    if (this.word) this.word.size = Math.min(largest * this.side, Math.max(smallest * this.side, size))
  }

  /** @param {number} degrees */
  turn(degrees) {
    if (this.word) this.word.angle = ((((degrees + 180) % 360) + 360) % 360) - 180
  }

  /** Begins a stroke. @param {readonly [number, number]} point */
  draw([x, y]) {
    if (this.items.length < mostItems)
      this.items.push({ kind: 'stroke', points: [[x, y]], width: this.penWidth, colour: this.colour })
  }

  /** Continues the stroke. @param {readonly [number, number]} point */
  drawTo([x, y]) {
    const stroke = this.items.at(-1)
    if (stroke?.kind === 'stroke' && stroke.points.length < 5_000) stroke.points.push([x, y])
  }
}
