/**
 * What there is to do, for somebody who has just come: shown in an empty channel.
 * @import { Chat } from './chat.js'
 * @import { Composer } from './composer.js'
 */
import { fetchFile } from './api.js'
import { nameOf } from './command-line.js'
import { h, icon } from './dom.js'

const shownSamples = 8
const gamesChannel = 'games'

/** The games of an empty #games: the command that begins each, and what it is. */
const games = /** @type {const} */ ([
  ['/fool start', 'Contest', 'Write on a picture and make the model see something else'],
  ['/guess', 'Guess', 'What does this neuron look for?'],
  ['/hunt start', 'Hunt', 'Who finds the picture that fires a neuron most?'],
  ['/spotlight now', 'Neuron of the day', 'One neuron, and a question about it'],
])

/** @param {Chat} chat @param {Composer} composer */
export function drawWelcome(chat, composer) {
  if (chat.channel === gamesChannel) return drawGames(chat, composer)
  const { title: model, summary } = chat.state.model
  const samples = chat.state.samples.slice(0, shownSamples).map(({ file, title, alt }) => {
    const look = () =>
      void fetchFile(`/samples/${file}`, file).then((picture) => composer.take([picture], '', alt))
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
        { type: 'button', class: 'command-row', onclick: () => composer.begin(`${nameOf(command)} `) },
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
      'Drop a picture anywhere, and see what the model takes it for, which of its neurons fire, and where.',
    ),
    h('p', { class: 'note' }, h('strong', {}, model), `: ${summary}`),
    h(
      'button',
      { type: 'button', class: 'button primary large', onclick: () => composer.choose() },
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

/** @param {Chat} chat @param {Composer} composer */
function drawGames(chat, composer) {
  const rows = games.flatMap(([line, title, says]) => {
    const command = chat.commands.find((each) => nameOf(each) === line)
    if (!command) return []
    const needs = command.options.some(({ required }) => required)
    const start = () => (needs ? composer.begin(`${line} `) : composer.run(command.path))
    return h(
      'li',
      {},
      h(
        'button',
        { type: 'button', class: 'game', onclick: start },
        h('strong', {}, title),
        h('span', {}, says),
      ),
    )
  })
  return h('div', { class: 'welcome' }, h('h2', {}, 'Pick a game'), h('ul', { class: 'games' }, ...rows))
}
