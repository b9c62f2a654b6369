import { UserError } from './errors.ts'
import { recordKinds } from './kinds.ts'
import { readSettings } from './settings.ts'
import { inspect } from './store/inspect.ts'

interface Diagnosis {
  readonly well: boolean
  readonly lines: readonly string[]
}

/** What the doctor looks at; each says what it found, and a UserError is what is wrong. */
const examinations: readonly (() => Promise<Diagnosis>)[] = [settings, store]

/** `neuron-games doctor`. @returns whether all is well */
export async function doctor(say: (line: string) => void): Promise<boolean> {
  let allWell = true
  for (const examine of examinations) {
    const { well, lines } = await examine().catch((error: unknown): Diagnosis => {
      if (error instanceof UserError) return { well: false, lines: [error.message] }
      throw error
    })
    allWell &&= well
    for (const line of lines) say(`${well ? 'ok  ' : 'BAD '} ${line}`)
  }
  return allWell
}

async function settings(): Promise<Diagnosis> {
  readSettings()
  return { well: true, lines: ['settings'] }
}

async function store(): Promise<Diagnosis> {
  const { records, damaged } = await inspect(readSettings().STORE_URL, recordKinds)
  return damaged.length === 0
    ? { well: true, lines: [`store: ${records} records, all of which can be read`] }
    : { well: false, lines: damaged.map(({ message }) => message.replace(/\s*\n\s*/g, ' ')) }
}
