/**
 * A picture to write and draw on by hand, while the model says what it sees. Unfinished work is kept if the dialog is
 * closed.
 * @import { PageSketch, PageSketchView } from '../../../src/platforms/playground/page.ts'
 */
import { Refusal } from '../api.js'
import { h, icon } from '../dom.js'
import { drawBars } from '../elements.js'
import { t } from '../language.js'
import { fontsReady } from './items.js'
import { looksWith } from './looks.js'
import { Sketch } from './sketch.js'
import { drawStage } from './stage.js'
import { drawTools } from './tools.js'

/** For pictures that have not been entered yet. @type {Map<string, Sketch>} */
const begun = new Map()

/**
 * @param {PageSketch} given
 * @param {string} key names what the drawing is for
 * @param {{ look: (drawing: File) => Promise<PageSketchView>, enter: (drawing: File, text: string) => Promise<void> }} on
 */
export async function openSketch({ title, submitLabel, picture, view: clean }, key, { look, enter }) {
  const image = h('img', { src: `/files/${picture.id}`, alt: picture.alt, draggable: 'false' })
  await Promise.all([image.decode(), fontsReady()])
  const sketch = begun.get(key) ?? new Sketch({ width: image.naturalWidth, height: image.naturalHeight })
  begun.set(key, sketch)

  const bars = h('div', { class: 'sketch-bars' })
  const sentence = h('p', { class: 'sketch-sentence', role: 'status' })
  const measure = h('span', { class: 'sketch-ink' })
  const problem = h('p', { class: 'problem', role: 'alert' })
  const submit = h('button', { type: 'button', class: 'button primary' }, submitLabel)
  const close = h(
    'button',
    {
      type: 'button',
      class: 'icon-button close',
      'aria-label': t('page.close'),
      onclick: () => dialog.close(),
    },
    icon('close'),
  )
  /** @param {PageSketchView} view */
  const show = (view) => {
    problem.textContent = ''
    sentence.textContent = view.sentence
    sentence.classList.toggle('succeeds', view.succeeds)
    measure.textContent = view.measure ?? ''
    bars.replaceChildren(drawBars({ kind: 'bars', bars: [...view.bars] }))
    dialog.classList.remove('looking')
  }
  /** @param {unknown} error */
  const fail = (error) => {
    dialog.classList.remove('looking')
    if (!(error instanceof Refusal)) throw error
    problem.textContent = error.message
  }
  const looks = looksWith({ look: async () => look(await stage.file()), show, fail })

  const changed = () => {
    tools.refresh()
    stage.redraw()
    submit.disabled = sketch.items.length === 0
    const focused = document.activeElement
    if (focused instanceof HTMLButtonElement && focused.disabled) stage.surface.focus()
    if (sketch.items.length === 0) {
      looks.stop()
      return show(clean)
    }
    dialog.classList.add('looking')
    looks.plan()
  }
  const stage = drawStage(image, sketch, changed)
  const tools = drawTools(sketch, {
    changed,
    toolChanged: () => {
      stage.liftPen()
      tools.refresh()
      stage.redraw()
    },
  })
  const keys = h('p', { class: 'note sketch-keys', id: 'sketch-keys' }, t('page.sketch.keys'))
  submit.addEventListener('click', () => {
    submit.disabled = true
    looks.stop()
    stage
      .file()
      .then((file) => enter(file, sketch.text))
      .then(() => {
        begun.delete(key)
        dialog.close()
      })
      .catch(fail)
      .finally(() => (submit.disabled = false))
  })
  const dialog = h(
    'dialog',
    { class: 'dialog sketch', 'aria-labelledby': 'sketch-title' },
    h('h2', { id: 'sketch-title' }, title),
    h('div', { class: 'sketch-stage' }, stage.surface),
    h(
      'div',
      { class: 'sketch-side' },
      tools.element,
      h('div', { class: 'sketch-view' }, h('div', { class: 'sketch-line' }, sentence, measure), bars),
      problem,
      keys,
    ),
    h('div', { class: 'buttons sketch-enter' }, submit),
    close,
  )
  dialog.addEventListener('keydown', (event) => {
    if (event.key.toLowerCase() !== 'z' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    sketch.undo()
    changed()
  })
  dialog.addEventListener('close', () => {
    looks.stop()
    dialog.remove()
  })
  document.body.append(dialog)
  dialog.showModal()
  changed()
  if (matchMedia('(hover: hover)').matches) tools.word.focus()
}
