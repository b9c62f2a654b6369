/**
 * The channels, who I am, and the parts of the page's frame that change.
 * @import { Chat } from './chat.js'
 */
import { post } from './api.js'
import { find, h, icon } from './dom.js'
import { openForm } from './form-dialog.js'
import { t } from './language.js'
import { openProfile } from './profile.js'
import { chooseTheme, theme } from './theme.js'

const narrow = matchMedia('(max-width: 760px)')

/** @param {Chat} chat */
export function showFrame(chat) {
  const sidebar = find('.sidebar', HTMLElement)
  const opener = find('#open-sidebar', HTMLButtonElement)
  const scrim = find('.scrim', HTMLElement)
  /** On a phone it covers the page while it is open. @param {boolean} open */
  const show = (open) => {
    document.body.classList.toggle('sidebar-open', open)
    opener.setAttribute('aria-expanded', String(open))
    scrim.hidden = !open
    sidebar.inert = narrow.matches && !open
    find('.main', HTMLElement).inert = narrow.matches && open
    if (open) find('.channels a', HTMLElement).focus()
  }
  opener.addEventListener('click', () => show(true))
  scrim.addEventListener('click', () => show(false))
  narrow.addEventListener('change', () => show(false))
  addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || scrim.hidden) return
    show(false)
    opener.focus()
  })
  show(false)
  find('#new-channel', HTMLButtonElement).addEventListener('click', () => openChannel())
  find('#profile', HTMLButtonElement).addEventListener('click', () => openProfile(chat))
  const toggle = find('#theme', HTMLButtonElement)
  const drawTheme = () => {
    const dark = theme() === 'dark'
    toggle.replaceChildren(icon(dark ? 'sun' : 'moon'))
    toggle.setAttribute('aria-label', dark ? t('page.theme.toLight') : t('page.theme.toDark'))
  }
  toggle.addEventListener('click', () => {
    chooseTheme(theme() === 'dark' ? 'light' : 'dark')
    drawTheme()
  })
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawTheme)
  const draw = () => {
    drawChannels(chat)
    find('#profile-name', HTMLElement).textContent = chat.state.me.name
    find('#profile-role', HTMLElement).textContent = chat.state.me.moderator
      ? t('page.profile.moderator')
      : t('page.profile.player')
    find('#channel-name', HTMLElement).textContent = chat.channel
    find('#line', HTMLInputElement).setAttribute('aria-label', t('page.write.to', { channel: chat.channel }))
    document.title = `#${chat.channel} · neuron games`
    drawTheme()
  }
  chat.hear({
    lists: draw,
    state: () => {
      draw()
      if (!scrim.hidden) show(false)
    },
    connected: (connected) => (find('.offline', HTMLElement).hidden = connected),
  })
  draw()
}

/** @param {Chat} chat */
function drawChannels(chat) {
  const links = chat.state.channels.map((name) => {
    const unread = chat.unread.get(name)
    return h(
      'li',
      {},
      h(
        'a',
        { href: `#${name}`, 'aria-current': name === chat.channel ? 'page' : undefined },
        h('span', { class: 'hash', 'aria-hidden': 'true' }, '#'),
        name,
        unread !== undefined &&
          h(
            'span',
            { class: 'unread' },
            h('span', { 'aria-hidden': 'true' }, String(unread)),
            h('span', { class: 'hidden' }, ` ${t('page.channels.unread', { count: unread })}`),
          ),
      ),
    )
  })
  find('.channels', HTMLElement).replaceChildren(...links)
}

function openChannel() {
  const name = {
    name: 'name',
    label: '',
    description: t('page.channels.name'),
    type: /** @type {const} */ ('text'),
    required: true,
    completes: false,
    choices: [],
    min: undefined,
    max: undefined,
    maxLength: 32,
  }
  openForm(
    { title: t('page.channels.new'), submitLabel: t('page.channels.create'), fields: [name] },
    [],
    async ({ values }) => {
      const opened = await post('channels', values)
      location.hash = opened.name
    },
  )
}
