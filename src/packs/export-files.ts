import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { ownerError } from '../errors.ts'
import { GraphError, readGraph } from '../onnx/index.ts'

/** What an export consists of; side files are where the models say. */
export interface ExportFiles {
  readonly pictures: string
  readonly texts: string
  readonly tokenizer?: string
  readonly preprocessing?: string
}

const maxDepth = 3

/**
 * Finds out which file is which: the model that takes pictures, the one that takes tokens, and the tokenizer.json and
 * preprocess_cfg.json, if there are any.
 *
 * @param paths files, or folders that are searched
 * @throws UserError 'bad-pack' if a model is missing, or there are several
 */
export async function sortFiles(paths: readonly string[]): Promise<ExportFiles> {
  const files = (await Promise.all(paths.map((path) => filesBelow(path, 0)))).flat()
  const models = files.filter((path) => path.endsWith('.onnx'))
  const kinds = await Promise.all(models.map(async (path) => ({ path, kind: await kindOf(path) })))
  const only = (kind: 'pictures' | 'texts'): string => {
    const found = kinds.filter((one) => one.kind === kind).map(({ path }) => path)
    const what = kind === 'pictures' ? 'takes pictures' : 'takes tokens'
    if (found.length === 1) return found[0]!
    throw ownerError(
      'bad-pack',
      found.length === 0
        ? `No ONNX model in ${paths.join(', ')} ${what}: name the files of the picture and the text encoder.`
        : `Several models ${what} (${found.join(', ')}): name the two files that belong together.`,
    )
  }
  const [pictures, texts] = [only('pictures'), only('texts')]
  const named = (name: string) => files.find((path) => basename(path) === name)
  const [tokenizer, preprocessing] = [named('tokenizer.json'), named('preprocess_cfg.json')]
  return { pictures, texts, ...(tokenizer && { tokenizer }), ...(preprocessing && { preprocessing }) }
}

async function filesBelow(path: string, depth: number): Promise<string[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw ownerError('bad-pack', `There is no ${path}.`, { cause })
  })
  if (!found.isDirectory()) return [path]
  if (depth > maxDepth) return []
  const entries = (await readdir(path)).filter((name) => !name.startsWith('.'))
  return (await Promise.all(entries.map((name) => filesBelow(join(path, name), depth + 1)))).flat()
}

async function kindOf(path: string): Promise<'pictures' | 'texts' | undefined> {
  const graph = await readGraph(path, { leaveWeights: true }).catch((cause: unknown) => {
    if (cause instanceof GraphError)
      throw ownerError('bad-pack', `${path} cannot serve: ${cause.message}.`, { cause })
    throw cause
  })
  const shapes = graph.inputs.map(({ shape }) => shape?.length)
  if (shapes.length !== 1) return undefined
  return shapes[0] === 4 ? 'pictures' : shapes[0] === 2 ? 'texts' : undefined
}
