/**
 * A picture as large as the window allows, with its alt text and what can be asked about it.
 * @import { FileRef } from '../../src/platforms/playground/message.ts'
 */
import { h, icon } from './dom.js'
import { t } from './language.js'
import { drawTap } from './tap.js'
import { theme, themedImage } from './theme.js'

/** Height to width of a picture that is too tall to be shown whole. */
const tall = 1.8

/**
 * @param {FileRef} file
 * @param {readonly { label: string, run: () => void }[]} entries
 * @param {import('./tap.js').Tap} [place] receives the point that is pressed
 */
export function openPicture(file, entries, place) {
  const dialog = h('dialog', { class: 'picture-dialog', 'aria-label': t('page.picture.large') })
  const close = () => dialog.close()
  const actions = entries.map(({ label, run }) => {
    const go = () => {
      close()
      run()
    }
    return h('button', { type: 'button', class: 'button secondary', onclick: go }, label)
  })
  const image = themedImage(file)
  const stage = place
    ? drawTapStage(image, (chosen) => {
        close()
        place(chosen)
      })
    : drawStage(image)
  dialog.append(
    stage,
    h(
      'footer',
      {},
      h('details', {}, h('summary', {}, t('page.picture.alt')), h('p', {}, file.alt)),
      h(
        'div',
        { class: 'buttons' },
        ...actions,
        h(
          'a',
          {
            class: 'button secondary',
            href: `/files/${(theme() === 'dark' && file.dark?.id) || file.id}?download`,
            download: file.name,
          },
          t('page.picture.download'),
        ),
      ),
    ),
    h(
      'button',
      { type: 'button', class: 'icon-button close', 'aria-label': t('page.close'), onclick: close },
      icon('close'),
    ),
  )
  dialog.addEventListener('click', ({ target }) => {
    if (!(target instanceof Element) || !target.closest('img, button, a, footer')) close()
  })
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}

/**
 * Tall cards are shown at the window's width, other pictures whole; a click switches between the two.
 * @param {HTMLImageElement} image
 */
function drawStage(image) {
  const stage = h(
    'div',
    { class: 'picture-stage', tabindex: '0', role: 'group', 'aria-label': t('page.picture.zoom') },
    image,
  )
  image.addEventListener('load', () => {
    stage.classList.toggle('zoomed', image.naturalHeight > image.naturalWidth * tall)
  })
  image.addEventListener('click', () => stage.classList.toggle('zoomed'))
  stage.addEventListener('keydown', ({ key }) => key === 'Enter' && stage.classList.toggle('zoomed'))
  return stage
}

/** @param {HTMLImageElement} image @param {import('./tap.js').Tap} place */
function drawTapStage(image, place) {
  const { button, hint } = drawTap(image, place)
  return h('figure', { class: 'picture-stage tapping' }, button, hint)
}
