/**
 * The controls beside the picture: the word, pen or letters, colour, size, rotation, undo.
 * @import { Sketch } from './sketch.js'
 * @import { Style } from './items.js'
 */
import { h } from '../dom.js'
import { t } from '../language.js'
import { colours, styles } from './items.js'

/**
 * @param {Sketch} sketch
 * @param {{ changed: () => void, toolChanged: () => void }} on
 */
export function drawTools(sketch, { changed, toolChanged }) {
  const word = h('input', {
    type: 'text',
    id: 'sketch-word',
    placeholder: t('page.sketch.hint'),
    'aria-label': t('page.sketch.word'),
    maxlength: 40,
    autocomplete: 'off',
    autocapitalize: 'none',
    enterkeyhint: 'done',
  })
  word.addEventListener('input', () => {
    sketch.step()
    sketch.type(word.value)
    changed()
  })
  const another = h(
    'button',
    {
      type: 'button',
      class: 'button secondary',
      onclick: () => {
        sketch.select(undefined)
        changed()
        word.focus()
      },
    },
    t('page.sketch.another'),
  )
  const tool = choice(
    t('page.sketch.tool'),
    [
      { value: 'word', label: t('page.sketch.tools.word') },
      { value: 'pen', label: t('page.sketch.tools.pen') },
    ],
    (value) => {
      sketch.tool = value === 'pen' ? 'pen' : 'word'
      toolChanged()
    },
  )
  const style = choice(
    t('page.sketch.letters'),
    keysOf(styles).map((value) => ({ value, label: t(`page.sketch.styles.${value}`) })),
    (value) => {
      sketch.step()
      sketch.style = /** @type {Style} */ (value)
      if (sketch.word) sketch.word.style = sketch.style
      changed()
    },
  )
  const colour = choice(
    t('page.sketch.colour'),
    keysOf(colours).map((name) => ({
      value: colours[name],
      label: t(`page.sketch.colours.${name}`),
      swatch: colours[name],
    })),
    (value) => {
      sketch.step()
      sketch.colour = value
      if (sketch.word && sketch.tool === 'word') sketch.word.colour = value
      changed()
    },
  )
  const size = slider(t('page.sketch.size'), 3, 50, (percent) => {
    const length = (percent / 100) * sketch.side
    if (sketch.tool === 'pen') sketch.penWidth = Math.max(1, length / 4)
    else sketch.resize(length)
  })
  const turn = slider(t('page.sketch.turn'), -180, 180, (degrees) => sketch.turn(degrees))
  /** @param {string} name @param {number} min @param {number} max @param {(value: number) => void} take */
  function slider(name, min, max, take) {
    const input = h('input', { type: 'range', min, max, step: 1 })
    input.addEventListener('pointerdown', () => sketch.step())
    input.addEventListener('keydown', () => sketch.step())
    input.addEventListener('input', () => {
      take(Number(input.value))
      changed()
    })
    return { input, row: h('label', { class: 'sketch-slider' }, h('span', {}, name), input) }
  }
  /** @param {string} label @param {() => void} run */
  const action = (label, run) =>
    h(
      'button',
      {
        type: 'button',
        class: 'button secondary',
        onclick: () => {
          run()
          changed()
        },
      },
      label,
    )
  const undo = action(t('page.sketch.undo'), () => sketch.undo())
  const clear = action(t('page.sketch.clear'), () => sketch.clear())
  const wordRow = h('div', { class: 'sketch-word' }, word, another)

  /** Updates all controls to the current state, whatever changed it. */
  const refresh = () => {
    const pen = sketch.tool === 'pen'
    const text = sketch.word?.text ?? ''
    if (word.value !== text) word.value = text
    wordRow.hidden = style.group.hidden = turn.row.hidden = pen
    another.hidden = !sketch.word
    tool.check(sketch.tool)
    style.check(sketch.style)
    colour.check(sketch.colour)
    const length = pen ? sketch.penWidth * 4 : (sketch.word?.size ?? 0.16 * sketch.side)
    size.input.value = String((100 * length) / sketch.side)
    turn.input.value = String(sketch.word?.angle ?? 0)
    size.input.disabled = !pen && !sketch.word
    turn.input.disabled = !sketch.word
    undo.disabled = !sketch.canUndo
    clear.disabled = sketch.items.length === 0
  }
  const element = h(
    'div',
    { class: 'sketch-tools' },
    h('div', { class: 'sketch-row' }, tool.group, h('div', { class: 'buttons' }, undo, clear)),
    wordRow,
    style.group,
    colour.group,
    size.row,
    turn.row,
  )
  return { element, refresh, word }
}

/** @template {object} T @param {T} object */
const keysOf = (object) => /** @type {(keyof T & string)[]} */ (Object.keys(object))

let groups = 0

/**
 * A row of options, one of which is chosen.
 * @param {string} name
 * @param {readonly { value: string, label: string, swatch?: string }[]} options
 * @param {(value: string) => void} take
 */
function choice(name, options, take) {
  const group = `sketch-choice-${(groups += 1)}`
  const inputs = options.map(({ value, label }) =>
    h('input', { type: 'radio', name: group, value, 'aria-label': label }),
  )
  const labels = options.map(({ label, swatch }, index) => {
    const row = h(
      'label',
      { class: swatch ? 'swatch' : '', title: label },
      inputs[index],
      h('span', {}, swatch ? '' : label),
    )
    if (swatch) row.style.setProperty('--swatch', swatch)
    return row
  })
  for (const input of inputs) input.addEventListener('change', () => take(input.value))
  return {
    group: h('fieldset', { class: 'sketch-choice' }, h('legend', { class: 'hidden' }, name), ...labels),
    /** @param {string} value */
    check: (value) => {
      for (const input of inputs) input.checked = input.value === value
    },
  }
}
