import { freemem, totalmem } from 'node:os'
import { openPack, type Pack } from './clip/pack.ts'
import { UserError } from './errors.ts'
import { cudaLibraries } from './jobs/cuda.ts'
import { recordKinds } from './kinds.ts'
import { createLog } from './log.ts'
import { modelsFolder, openOwnModel } from './open-model.ts'
import { readCheck } from './packs/check/check.ts'
import { findPacks, servingFolder } from './packs/folders.ts'
import { isMeasured } from './packs/measure/measure.ts'
import { checkTokens } from './platforms/tokens.ts'
import { readSettings } from './settings.ts'
import { inspect } from './store/inspect.ts'

interface Diagnosis {
  readonly well: boolean
  readonly text: string
}

const fine = (text: string): Diagnosis => ({ well: true, text })
const bad = (text: string): Diagnosis => ({ well: false, text })
const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`

/** What the doctor examines, one after the other; each returns its findings, or throws a UserError that says what is wrong. */
const examinations: readonly (() => Promise<readonly Diagnosis[]>)[] = [
  settings,
  packs,
  memory,
  providers,
  cuda,
  store,
  tokens,
]

/** `neuron-games doctor`. @returns whether all is well */
export async function doctor(say: (line: string) => void): Promise<boolean> {
  let allWell = true
  const said = new Set<string>()
  for (const examine of examinations) {
    const lines = await examine().catch((error: unknown) => {
      if (error instanceof UserError) return [bad(error.message)]
      throw error
    })
    for (const { well, text } of lines) {
      allWell &&= well
      // A pack that cannot be opened fails several examinations.
      if (said.has(text)) continue
      said.add(text)
      say(`${well ? 'ok  ' : 'BAD '} ${text}`)
    }
  }
  return allWell
}

/** The pack that serves, opened only once: with a large one that takes seconds. */
let opening: Promise<Pack> | undefined
const serving = (): Promise<Pack> => {
  const all = readSettings()
  opening ??= servingFolder(modelsFolder(all), all.MODEL_PACK).then(openPack)
  return opening
}

async function settings(): Promise<Diagnosis[]> {
  readSettings()
  return [fine('settings')]
}

async function packs(): Promise<Diagnosis[]> {
  const pack = await serving()
  const { folder } = pack
  const { id, title } = pack.facts
  const named = pack.units.length
  const lines = [
    fine(
      `pack: ${id} (${title}) serves, from ${folder}; ${named} of ${pack.facts.tap.channels} units have names`,
    ),
  ]
  for (const other of await findPacks(modelsFolder(readSettings()))) {
    if (other.folder === folder) continue
    if (!other.facts) lines.push(bad(`pack: ${other.name} cannot be used: ${other.problem}`))
    else lines.push(fine(`pack: ${other.name} is here, ${await stateOf(other.folder, other.facts)}`))
  }
  return lines
}

async function stateOf(folder: string, facts: Parameters<typeof readCheck>[0]['facts']): Promise<string> {
  if (!isMeasured(folder)) return 'not measured yet'
  const check = await readCheck({ folder, facts })
  if (!check) return 'measured'
  return check.passed ? 'checked' : 'checked, with doubts'
}

async function memory(): Promise<Diagnosis[]> {
  const { facts } = await serving()
  const needed = 2 * facts.files.reduce((sum, { bytes }) => sum + bytes, 0)
  const text = `memory: ${gigabytes(freemem())} of ${gigabytes(totalmem())} free`
  return freemem() >= needed
    ? [fine(text)]
    : [
        bad(
          `${text}; ${facts.id} may need ${gigabytes(needed)}: end something else, or choose a smaller pack`,
        ),
      ]
}

/** What on this machine could run the model, found out the same way as at a start of the bot. */
async function providers(): Promise<Diagnosis[]> {
  const all = readSettings()
  const log = createLog({ level: 'silent', secrets: [] })
  const model = await openOwnModel({ ...all, PROVIDER: 'auto' }, await serving(), log)
  const { reports } = model.status()
  await model.close(0)
  const asked = reports.find(({ provider }) => provider === all.PROVIDER)
  return reports.map(({ provider, reason, serves }) =>
    provider === asked?.provider && !serves
      ? bad(`provider ${provider}, which PROVIDER asks for: ${reason}`)
      : fine(`provider ${provider}: ${reason}`),
  )
}

async function cuda(): Promise<Diagnosis[]> {
  const libraries = await cudaLibraries()
  if (!libraries) return [fine('CUDA: not installed; for an NVIDIA card README.md tells how')]
  const { found, missing } = libraries
  return [
    ...(found.length > 0 ? [fine(`CUDA: linked against ${found.join(', ')}`)] : []),
    ...(missing.length > 0 ? [bad(`CUDA: this machine lacks ${missing.join(', ')}`)] : []),
  ]
}

async function store(): Promise<Diagnosis[]> {
  const { records, damaged } = await inspect(readSettings().STORE_URL, recordKinds)
  return damaged.length === 0
    ? [fine(`store: ${records} records, all of which can be read`)]
    : damaged.map(({ message }) => bad(message.replace(/\s*\n\s*/g, ' ')))
}

async function tokens(): Promise<Diagnosis[]> {
  const checks = await checkTokens(readSettings())
  return checks.map(({ setting, valid, says }) =>
    valid === false ? bad(`${setting}: ${says}`) : fine(`${setting}: ${says}`),
  )
}
