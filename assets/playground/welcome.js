/**
 * What there is to do, for somebody who has just come: shown in an empty channel and behind "How to play".
 * @import { Chat } from './chat.js'
 * @import { Composer } from './composer.js'
 */
import { fetchFile } from './api.js'
import { nameOf } from './command-line.js'
import { h, icon } from './dom.js'

const shownSamples = 8

/** @param {Chat} chat @param {Composer} composer @param {() => void} [before] called before anything is begun */
export function drawWelcome(chat, composer, before) {
  /** @param {() => void | Promise<void>} then */
  const go = (then) => () => {
    before?.()
    void then()
  }
  const samples = chat.state.samples.slice(0, shownSamples).map(({ file, title, alt }) => {
    const look = go(async () => {
      await composer.take([await fetchFile(`/samples/${file}`, file)], '', alt)
    })
    return h(
      'li',
      {},
      h(
        'button',
        { type: 'button', class: 'sample', onclick: look, 'aria-label': `Try this picture: ${title}` },
        h('img', { src: `/samples/${file}`, alt, loading: 'lazy' }),
        h('span', {}, title),
      ),
    )
  })
  const commands = chat.commands.map((command) =>
    h(
      'li',
      {},
      h(
        'button',
        { type: 'button', class: 'command-row', onclick: go(() => composer.begin(`${nameOf(command)} `)) },
        h('code', {}, nameOf(command)),
        h('span', {}, command.description),
      ),
    ),
  )
  return h(
    'div',
    { class: 'welcome' },
    h('img', { class: 'welcome-logo', src: '/logo.svg', alt: '' }),
    h('h2', {}, 'Which neurons fire for your picture?'),
    h(
      'p',
      { class: 'lead' },
      'A real CLIP runs on this machine. Drop a picture anywhere, and see which of its neurons fire, how strongly, and where in the picture.',
    ),
    h(
      'button',
      { type: 'button', class: 'button primary large', onclick: go(() => composer.choose()) },
      icon('picture'),
      'Choose a picture',
    ),
    samples.length > 0 &&
      h(
        'section',
        { 'aria-label': 'Pictures to try' },
        h('h3', {}, 'Or try one of these'),
        h('ul', { class: 'samples' }, ...samples),
        h('p', { class: 'note' }, chat.state.samplesCredit),
      ),
    h(
      'section',
      { 'aria-label': 'Commands' },
      h('h3', {}, 'What you can type'),
      h('ul', { class: 'command-list' }, ...commands),
    ),
  )
}
