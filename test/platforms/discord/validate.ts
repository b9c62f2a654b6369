import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { projectRoot } from '../../../src/root.ts'
import { limits } from '../../../src/platforms/discord/limits.ts'

/** Discord's own OpenAPI document. */
const documentFile = join(projectRoot, '../shared/data/discord-openapi.json')
export const documentIsThere = existsSync(documentFile)

interface Document {
  readonly paths: Record<
    string,
    Record<string, { requestBody?: { content: { 'application/json'?: { schema: object } } } }>
  >
}

const document = documentIsThere ? (JSON.parse(readFileSync(documentFile, 'utf8')) as Document) : undefined
const compiled = new Map<string, ValidateFunction>()

const ajv = new Ajv2020({ strict: false, allErrors: false })
for (const format of ['snowflake', 'int32', 'int64', 'nonce', 'uri', 'date-time', 'double'])
  ajv.addFormat(format, true)
if (document) ajv.addSchema(document, 'discord')

/** What is wrong with a body that the bot sent, or nothing. @param path as the document writes it */
export function wrongWith(method: string, path: string, body: unknown): string[] {
  return [...againstDocument(method, path, body), ...againstOurRules(body)].map(
    (problem) => `${method} ${path}: ${problem}`,
  )
}

function againstDocument(method: string, path: string, body: unknown): string[] {
  const operation = document?.paths[path]?.[method.toLowerCase()]
  if (!document) return []
  if (!operation?.requestBody?.content['application/json']) return ['the document knows no such call']
  const key = `${method} ${path}`
  const pointer = `discord#/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D')}/${method.toLowerCase()}/requestBody/content/application~1json/schema`
  const validate = compiled.get(key) ?? ajv.compile({ $ref: pointer })
  compiled.set(key, validate)
  return validate(asDocumented(body)) ? [] : [ajv.errorsText(validate.errors?.slice(0, 4))]
}

/**
 * The document calls default_member_permissions an integer; Discord's reference and its own answers, and so
 * discord.js, have a string of digits, because a bit set outgrows JSON's numbers.
 */
function asDocumented(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('default_member_permissions' in body)) return body
  const { default_member_permissions: permissions } = body
  return {
    ...body,
    default_member_permissions: typeof permissions === 'string' ? Number(permissions) : permissions,
  }
}

interface Part {
  readonly type?: number
  readonly content?: string
  readonly custom_id?: string
  readonly label?: string
  readonly components?: Part[]
  readonly component?: Part
  readonly items?: { media: { url: string } }[]
  readonly file?: { url: string }
}

interface Body {
  readonly data?: Body
  readonly content?: string | null
  readonly flags?: number
  readonly components?: Part[]
  readonly embeds?: unknown[]
  readonly attachments?: { filename?: string }[]
}

const textDisplay = 10
const componentsV2 = 1 << 15

/** What the document does not catch (platform-facts). */
function againstOurRules(body: unknown): string[] {
  const given = (body ?? {}) as Body
  const message = given.data ?? given
  const parts = flatten(message.components ?? [])
  const texts = parts.filter(({ type }) => type === textDisplay).map(({ content }) => content?.length ?? 0)
  const isV2 = ((message.flags ?? 0) & componentsV2) !== 0
  const names = new Set((message.attachments ?? []).map(({ filename }) => filename))
  const referred = parts
    .flatMap((part) => [
      ...(part.items ?? []).map(({ media }) => media.url),
      ...(part.file ? [part.file.url] : []),
    ])
    .filter((url) => url.startsWith('attachment://'))
    .map((url) => url.slice('attachment://'.length))
  const ids = parts.flatMap(({ custom_id }) => custom_id ?? [])
  const rules: [boolean, string][] = [
    [(message.content?.length ?? 0) > limits.content, 'content is too long'],
    [parts.length > limits.components, `${parts.length} components`],
    [texts.reduce((sum, length) => sum + length, 0) > limits.text, 'texts are too long'],
    [texts.includes(0), 'an empty text'],
    [isV2 && Boolean(message.content), 'content beside Components v2'],
    [referred.some((name) => !names.has(name)), `refers to a file that is not attached: ${referred.join()}`],
    [new Set(ids).size < ids.length, `a custom_id stands twice: ${ids.join()}`],
    [ids.some((id) => id.length < 1 || id.length > 100), 'a custom_id of a wrong length'],
  ]
  return rules.filter(([broken]) => broken).map(([, rule]) => rule)
}

const flatten = (parts: readonly Part[]): Part[] =>
  parts.flatMap((part) => [
    part,
    ...flatten(part.components ?? []),
    ...flatten(part.component ? [part.component] : []),
  ])
