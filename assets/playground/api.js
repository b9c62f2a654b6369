/**
 * @import { PageEvent, PageState } from '../../src/platforms/playground/page.ts'
 * @import { Choice } from '../../src/chat/choice.ts'
 */

import { t } from './language.js'

const { timeZone } = Intl.DateTimeFormat().resolvedOptions()

/** What the person is told: that something cannot be done, or that the server cannot be reached. */
export class Refusal extends Error {}

/** @param {Response} response */
async function answer(response) {
  const body = await response.json().catch(() => ({}))
  if (!response.ok) throw new Refusal(body.sentence ?? t('page.refused.noAnswer'))
  return body
}

/** @param {RequestInfo} url @param {RequestInit} [options] */
async function request(url, options) {
  try {
    return await fetch(url, options)
  } catch (cause) {
    if (options?.signal?.aborted) throw cause
    throw new Refusal(t('page.refused.unreachable'), { cause })
  }
}

/** @returns {Promise<PageState>} */
export async function fetchState() {
  return answer(await request('/api/state'))
}

/**
 * @param {'say' | 'run' | 'menu' | 'press' | 'look' | 'cancel' | 'remove' | 'channels' | 'me'} what
 * @param {Record<string, unknown>} given
 * @param {readonly { name: string, file: File, alt?: string | undefined }[]} [files] each with the option that it is for
 */
export async function post(what, given, files = []) {
  const body = new FormData()
  body.set('request', JSON.stringify({ ...given, timeZone }))
  for (const { name, file, alt } of files) {
    body.append(`file.${name}`, file, file.name)
    if (alt !== undefined) body.append(`alt.${name}`, alt)
  }
  return answer(await request(`/api/${what}`, { method: 'POST', body }))
}

/**
 * Values that a command suggests for what is being typed.
 * @param {{ channel: string, path: string, option: string, typed: string }} asked
 * @param {AbortSignal} signal
 * @returns {Promise<Choice[]>}
 */
export async function complete(asked, signal) {
  const { choices } = await answer(await request(`/api/complete?${new URLSearchParams(asked)}`, { signal }))
  return choices
}

/** @param {string} url @param {string} name */
export async function fetchFile(url, name) {
  const response = await request(url)
  if (!response.ok) throw new Refusal(t('page.refused.pictureGone'))
  const blob = await response.blob()
  return new File([blob], name, { type: blob.type })
}

/**
 * Follows what happens from `cursor` on, through any number of lost connections.
 * @param {string} cursor
 * @param {{ event: (event: PageEvent, id: string) => void, connected: (connected: boolean) => void }} on
 * @returns {() => void} stops following
 */
export function listen(cursor, on) {
  let last = cursor
  /** @type {EventSource} */
  let source
  let retry = 0
  const open = () => {
    source = new EventSource(`/api/events?after=${encodeURIComponent(last)}`)
    source.addEventListener('open', () => on.connected(true))
    source.addEventListener('message', ({ data, lastEventId }) => {
      last = lastEventId
      on.event(JSON.parse(data), lastEventId)
    })
    source.addEventListener('error', () => {
      on.connected(false)
      // The browser reconnects by itself, unless the server answered with an error.
      if (source.readyState === EventSource.CLOSED) retry = setTimeout(open, 2_000)
    })
  }
  open()
  return () => {
    clearTimeout(retry)
    source.close()
  }
}
