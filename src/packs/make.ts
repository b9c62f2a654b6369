import { copyFile, link, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createEncoder } from '../clip/encoder.ts'
import { type PackFacts, packFiles, reasonsFile, type SelfTest } from '../clip/pack-schema.ts'
import { openPackModels } from '../clip/pack.ts'
import { sealPack } from '../clip/seal.ts'
import { ownerError } from '../errors.ts'
import { type Graph, GraphError, halveWeights, saveGraphs } from '../onnx/index.ts'
import { projectRoot } from '../root.ts'
import { refusedByDisk } from './disk.ts'
import { convertPictures } from './convert/picture.ts'
import { names } from './convert/pool.ts'
import { checkAgreement, type Exported, floatTolerance, halfTolerance } from './convert/run.ts'
import { convertTexts } from './convert/text.ts'
import type { ExportFiles } from './export-files.ts'
import { publishedUnits } from './published.ts'
import { readPreprocessing } from './preprocessing.ts'
import { tokenizerOf } from './tokenizer.ts'

export type Say = (line: string) => void

export interface MakeOptions {
  readonly identity: Pick<PackFacts, 'id' | 'title' | 'summary' | 'summaries' | 'source' | 'licence'>
  /** Whether it was trained with GELU instead of OpenAI's QuickGELU. */
  readonly gelu?: boolean
  /** How the weights are kept: float16 takes half the disk. */
  readonly precision?: Precision
  /** Told what is being done. */
  readonly say: Say
}

export const precisions = ['fp32', 'fp16'] as const
export type Precision = (typeof precisions)[number]

/** exp of CLIP's logit_scale, which OpenAI's training drove up to its limit. */
const logitScale = 100
const weightsOf = (graph: string): string => graph.replace('.onnx', '.weights')

/**
 * Makes a pack's folder from an export: converted models, tokens, self-test. A folder that exists is replaced once the
 * new one is complete. The pack is not measured yet.
 *
 * @param work a folder on the same disk; the caller removes it, however this ends
 * @throws UserError 'bad-pack' that says why the export cannot serve
 */
export async function makePack(
  files: ExportFiles,
  folder: string,
  work: string,
  options: MakeOptions,
): Promise<void> {
  try {
    await make(files, folder, work, options)
  } catch (error) {
    throw refusedByDisk(error, 'make room, or set MODELS_FOLDER, and try again.') ?? error
  }
}

async function make(files: ExportFiles, folder: string, work: string, options: MakeOptions): Promise<void> {
  const { identity, say } = options
  const made = join(work, 'pack')
  await mkdir(made, { recursive: true })
  const gelu = options.gelu ? { gelu: true } : {}
  const preprocessing = await readPreprocessing(files.preprocessing)
  say('Converting the picture encoder')
  const half = options.precision === 'fp16'
  const save = (graphs: Record<string, Graph>, file: string): Promise<void> =>
    saveGraphs(half ? halveWeights(graphs) : graphs, made, weightsOf(file))
  const agree = (exported: Exported, file: string, output: string, tolerance = floatTolerance) =>
    checkAgreement(exported, join(made, file), output, half ? halfTolerance : tolerance)

  const pictures = await refused('picture', async () => {
    const { graph, reasons, ...rest } = await convertPictures(files.pictures, {
      ...gelu,
      ...(preprocessing.side && { side: preprocessing.side }),
    })
    await save({ [packFiles.image]: graph, ...(reasons && { [reasonsFile]: reasons }) }, packFiles.image)
    return { ...rest, explained: reasons !== undefined }
  })
  const { facts, side, explained } = pictures
  if (preprocessing.side !== undefined && preprocessing.side !== side)
    throw ownerError(
      'bad-pack',
      `${files.pictures} takes pictures of ${side} px, but preprocess_cfg.json says ${preprocessing.side}.`,
    )
  await refused('picture', () =>
    agree(pictures.exported, packFiles.image, names.embedding, pictures.tolerance),
  )
  say('Converting the text encoder')
  const texts = await refused('text', async () => {
    const { graph, ...rest } = await convertTexts(files.texts, gelu)
    await save({ [packFiles.text]: graph }, packFiles.text)
    return rest
  })
  if (texts.dimensions !== facts.dimensions)
    throw ownerError(
      'bad-pack',
      `The picture encoder gives ${facts.dimensions} numbers and the text encoder ${texts.dimensions}: they do not belong to one model.`,
    )
  await refused('text', () => agree(texts.exported, packFiles.text, texts.embedding))
  await writeFile(join(made, packFiles.tokens), await tokenizerOf(files.tokenizer))

  const { mean, std } = preprocessing
  await writeFacts(made, {
    format: 1,
    ...identity,
    ...facts,
    ...(half && { architecture: `${facts.architecture}, weights kept as float16` }),
    picture: { side, mean, std, resize: 'bicubic', crop: 'centre' },
    files: [],
    text: { tokens: 'clip-bpe', contextLength: texts.contextLength },
    prompts: ['a photo of a {}'],
    logitScale: logitScale,
  })
  say('Testing the pack')
  await addSelfTest(made, side, [
    packFiles.image,
    weightsOf(packFiles.image),
    ...(explained ? [reasonsFile] : []),
    packFiles.text,
    weightsOf(packFiles.text),
    packFiles.tokens,
    packFiles.catalogue,
    packFiles.vocabulary,
  ])
  await mkdir(dirname(folder), { recursive: true })
  await rm(folder, { recursive: true, force: true })
  await rename(made, folder)
}

/** Writes pack.json, the published names and the vocabulary. */
async function writeFacts(folder: string, facts: PackFacts): Promise<void> {
  await writeFile(join(folder, 'pack.json'), JSON.stringify(facts))
  await writeFile(join(folder, packFiles.catalogue), JSON.stringify({ units: publishedUnits(facts, false) }))
  // Any CLIP knows the things that the pocket pack knows.
  const { vocabulary } = packFiles
  await copyFile(join(projectRoot, 'models', 'pocket', vocabulary), join(folder, vocabulary))
}

/** Turns a GraphError into a sentence; by now the files have our own names, which would mean nothing to anybody. */
async function refused<T>(part: 'picture' | 'text', convert: () => Promise<T>): Promise<T> {
  try {
    return await convert()
  } catch (cause) {
    if (cause instanceof GraphError)
      throw ownerError('bad-pack', `The export's ${part} encoder cannot serve: ${cause.message}.`, { cause })
    throw cause
  }
}

/** Writes a self-test: a picture of coarse squares and a text, with their embeddings on this machine. */
async function addSelfTest(folder: string, side: number, files: readonly string[]): Promise<void> {
  const squares = Uint8Array.from({ length: 3 * side * side }, (_, n) => {
    const [x, y] = [Math.floor(n / 3) % side, Math.floor(n / 3 / side)]
    return (Math.floor((8 * x) / side) * 37 + Math.floor((8 * y) / side) * 91 + (n % 3) * 53) % 256
  })
  const text = 'a photo of a cat'
  const write = (test: SelfTest) => writeFile(join(folder, packFiles.selfTest), JSON.stringify(test))
  const rgb = Buffer.from(squares).toString('base64')
  await write({ rgb, text, embedding: [], textEmbedding: [] })
  await sealPack(folder, [...files, packFiles.selfTest])
  const encoder = await createEncoder(await openPackModels(folder), { provider: 'cpu', threads: 1 })
  try {
    const [picture] = await encoder.encodePictures([{ width: side, height: side, data: squares }])
    const [words] = await encoder.encodeTexts([text]).catch((cause: unknown) => {
      throw ownerError(
        'bad-pack',
        'The tokenizer does not belong to the text encoder: its tokens are different.',
        { cause },
      )
    })
    await write({ rgb, text, embedding: [...picture!.embedding], textEmbedding: [...words!] })
    await sealPack(folder, [packFiles.selfTest])
    await encoder.selfTest()
  } finally {
    await encoder.close()
  }
}

/** A hard link if the file system allows it, else a copy. */
export async function linkOrCopy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await link(from, to).catch(() => copyFile(from, to))
}
