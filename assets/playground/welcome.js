/**
 * What there is to do, for somebody who has just come: shown in an empty channel.
 * @import { Chat } from './chat.js'
 * @import { Composer } from './composer.js'
 */
import { fetchFile } from './api.js'
import { nameOf } from './command-line.js'
import { h, icon } from './dom.js'
import { t } from './language.js'

const shownSamples = 8
const gamesChannel = 'games'

/** Each game starts with a command. */
const games = /** @type {const} */ ([
  ['/fool start', 'fool'],
  ['/guess', 'guess'],
  ['/hunt start', 'hunt'],
  ['/spotlight now', 'spotlight'],
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
        { type: 'button', class: 'sample', onclick: look, 'aria-label': t('page.welcome.sample', { title }) },
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
    h('h2', {}, t('page.welcome.title')),
    h('p', { class: 'lead' }, t('page.welcome.lead')),
    h('p', { class: 'note' }, h('strong', {}, model), `: ${summary}`),
    h(
      'button',
      { type: 'button', class: 'button primary large', onclick: () => composer.choose() },
      icon('picture'),
      t('page.write.choose'),
    ),
    samples.length > 0 &&
      h(
        'section',
        { 'aria-label': t('page.welcome.samplesToTry') },
        h('h3', {}, t('page.welcome.samples')),
        h('ul', { class: 'samples' }, ...samples),
        h('p', { class: 'note' }, chat.state.samplesCredit),
      ),
    h('section', {}, h('h3', {}, t('page.games.title')), gamesOf(chat, composer)),
    h(
      'section',
      { 'aria-label': t('page.welcome.commands') },
      h('h3', {}, t('page.welcome.type')),
      h('ul', { class: 'command-list' }, ...commands),
    ),
  )
}

/** @param {Chat} chat @param {Composer} composer */
const drawGames = (chat, composer) =>
  h('div', { class: 'welcome' }, h('h2', {}, t('page.games.title')), gamesOf(chat, composer))

/** @param {Chat} chat @param {Composer} composer */
function gamesOf(chat, composer) {
  const rows = games.flatMap(([line, name]) => {
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
        h('strong', {}, t(`page.games.${name}.title`)),
        h('span', {}, t(`page.games.${name}.says`)),
      ),
    )
  })
  return h('ul', { class: 'games' }, ...rows)
}
