/**
 * A picture as large as the window allows, with what its alt text tells and what can be asked about it.
 * @import { FileRef } from '../../src/platforms/playground/message.ts'
 */
import { h, icon } from './dom.js'

/**
 * @param {FileRef} file
 * @param {readonly { label: string, run: () => void }[]} entries
 */
export function openPicture(file, entries) {
  const dialog = h('dialog', { class: 'picture-dialog', 'aria-label': file.alt })
  const close = () => dialog.close()
  const actions = entries.map(({ label, run }) => {
    const go = () => {
      close()
      run()
    }
    return h('button', { type: 'button', class: 'button secondary', onclick: go }, label)
  })
  const image = h('img', { src: `/files/${file.id}`, alt: file.alt })
  dialog.append(
    h('div', { class: 'picture-stage' }, image),
    h(
      'footer',
      {},
      h('p', { 'aria-hidden': 'true' }, file.alt),
      h(
        'div',
        { class: 'buttons' },
        ...actions,
        h(
          'a',
          { class: 'button secondary', href: `/files/${file.id}?download`, download: file.name },
          'Download',
        ),
      ),
    ),
    h(
      'button',
      { type: 'button', class: 'icon-button close', 'aria-label': 'Close', onclick: close },
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
