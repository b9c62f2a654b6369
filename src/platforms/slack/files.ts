import type { webApi } from '@slack/bolt'
import pRetry from 'p-retry'
import { download } from '../../chat/download.ts'
import type { PictureSource } from '../../chat/options.ts'
import type { Picture } from '../../chat/reply.ts'
import { UserError } from '../../errors.ts'
import { shortened } from '../text-art.ts'
import { errorCode } from './errors.ts'
import { unescaped } from './escape.ts'
import { limits } from './limits.ts'

/** Hosts of the files that people post. */
export const fileOrigins = ['https://files.slack.com'] as const

/** A file as events, shortcuts and modals describe it. */
export interface SlackFile {
  readonly id: string
  readonly name?: string | null
  readonly mimetype?: string
  readonly url_private?: string
  readonly url_private_download?: string
  /** 'check_file_info' if the file comes from another workspace (Slack Connect): then only its id is known. */
  readonly file_access?: string
  /** 'external' if it is not on Slack, 'hidden_by_limit' if the workspace's plan no longer shows it. */
  readonly mode?: string
  readonly is_external?: boolean
}

const uploadTimeoutMs = 10_000

interface Access {
  readonly client: webApi.WebClient
  readonly origins: readonly string[]
}

const logInPage = 'platform.slack.logInPage'
const outside = 'platform.slack.outside'
const hidden = 'platform.slack.hidden'
const unseen = 'platform.slack.unseen'
const noLonger = 'platform.slack.noLonger'

/** The pictures among a message's files. Slack states a new file's type only later: then its bytes will tell. */
export async function picturesAmong(files: readonly SlackFile[], access: Access): Promise<PictureSource[]> {
  const known = await Promise.all(
    files.map(async (file) =>
      file.file_access === 'check_file_info' ? ((await infoOf(file.id, access.client)) ?? file) : file,
    ),
  )
  return known
    .filter(({ mimetype }) => !mimetype || mimetype.startsWith('image/'))
    .map((file) => pictureSource(file, access))
}

/** A member's file. Without the scope files:read Slack sends a log-in page or redirects to one, which the error says. */
export function pictureSource(file: SlackFile, { client, origins }: Access): PictureSource {
  return {
    name: unescaped(file.name ?? 'picture'),
    async read(signal) {
      const headers = { authorization: `Bearer ${client.token ?? ''}` }
      const bytes = await download(await linkOf(file, client), {
        origins,
        headers,
        whenRedirected: logInPage,
        ...(signal ? { signal } : {}),
      })
      if (/^\s*<(?:!doctype|html)/i.test(Buffer.from(bytes.subarray(0, 200)).toString('latin1')))
        throw new UserError('not-allowed', logInPage)
      return bytes
    },
  }
}

async function linkOf(file: SlackFile, client: webApi.WebClient): Promise<string> {
  const known = addressOf(file) || file.mode ? file : ((await infoOf(file.id, client)) ?? file)
  if (known.is_external || known.mode === 'external') throw new UserError('bad-picture', outside)
  if (known.mode === 'hidden_by_limit') throw new UserError('bad-picture', hidden)
  if (known.file_access === 'check_file_info') throw new UserError('not-allowed', unseen)
  const url = addressOf(known)
  if (!url) throw new UserError('bad-picture', noLonger)
  return url
}

const addressOf = (file: SlackFile): string | undefined => file.url_private_download ?? file.url_private

/** What Slack knows about a file; undefined if we may not see it. */
async function infoOf(id: string, client: webApi.WebClient): Promise<SlackFile | undefined> {
  try {
    const { file } = await client.files.info({ file: id })
    return file && { ...file, id }
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return undefined
  }
}

/** Uploads pictures so that blocks can show them. @returns their ids, in order. */
export function uploadPictures(client: webApi.WebClient, pictures: readonly Picture[]): Promise<string[]> {
  return Promise.all(pictures.map((picture) => uploadPicture(client, picture)))
}

/** The three steps of an upload. The client's own filesUploadV2 sends the alt text under the wrong name, `alt_text`. */
async function uploadPicture(client: webApi.WebClient, { bytes, name, alt }: Picture): Promise<string> {
  const { upload_url: url = '', file_id: id = '' } = (await client.apiCall('files.getUploadURLExternal', {
    filename: name,
    length: bytes.length,
    alt_txt: shortened(alt, limits.fileAltText),
  })) as webApi.FilesGetUploadURLExternalResponse
  const signal = AbortSignal.timeout(uploadTimeoutMs)
  const uploaded = await fetch(url, { method: 'POST', body: Buffer.from(bytes), signal })
  if (!uploaded.ok) throw new Error(`Slack did not take the file ${name}: status ${uploaded.status}`)
  await client.files.completeUploadExternal({ files: [{ id, title: name }] })
  // A block can refer to a file only once Slack has processed it; then its type is stated.
  await pRetry(
    async () => {
      const { file } = await client.files.info({ file: id })
      if (!file?.mimetype) throw new Error(`Slack has not looked at the file ${id} yet`)
    },
    { retries: 6, minTimeout: 200, factor: 2 },
  )
  return id
}

/** Shares a file in a channel, or in a thread of it. */
export async function shareFile(
  client: webApi.WebClient,
  channel: string,
  file: { readonly name: string; readonly bytes: Uint8Array },
  thread?: string,
): Promise<void> {
  const destination = thread ? { channel_id: channel, thread_ts: thread } : { channel_id: channel }
  await client.files.uploadV2({
    ...destination,
    file: Buffer.from(file.bytes),
    filename: file.name,
    title: file.name,
  })
}
