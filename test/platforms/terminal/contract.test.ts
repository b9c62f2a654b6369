import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { pino } from 'pino'
import { Cooldowns } from '../../../src/chat/cooldown.ts'
import { Dispatcher } from '../../../src/chat/dispatch.ts'
import type { Services } from '../../../src/chat/services.ts'
import { terminalProgram } from '../../../src/platforms/terminal/program.ts'
import { platformContract, type Asked, type PlatformDriver, type Shown } from '../platform.contract.ts'
import { testCommands } from '../test-commands.ts'

/** "> spider: neuron-games press neurons/heat/12" or "Which one?: neuron-games press poll/choose VALUE" */
const pressLine = /^(?:> )?(.+): npx neuron-games press (\S+)( VALUE)?$/gm

function shownIn(words: string): Shown {
  const lines = [...words.matchAll(pressLine)]
  const select = lines.find(([, , , value]) => value)
  const listed = select ? words.slice(select.index).split('\n').slice(1) : []
  return {
    // A terminal's answer is the message that later presses refer to.
    id: 'last',
    words,
    pictures: [...words.matchAll(/^\[picture\] (.*)$/gm)].map(([, alt = '']) => ({ alt })),
    buttons: lines.filter(([, , , value]) => !value).map(([, label = '']) => label),
    choices: listed.flatMap((line) => /^ {2}\S+ +(.+)$/.exec(line)?.[1] ?? []),
    files: [],
    forOne: false,
  }
}

/** Types command lines into the program, each in a run of its own, as in a shell. */
async function connect(): Promise<PlatformDriver> {
  const folder = await mkdtemp(join(tmpdir(), 'terminal-contract-'))
  const log: string[] = []
  const logger = pino({ level: 'debug' }, { write: (line) => void log.push(line) })
  const often = { points: 10_000, seconds: 1 }
  let files = 0

  function type(argv: readonly string[]): { asked: Asked; ended: Promise<string> } {
    const streams = { input: new PassThrough(), output: new PassThrough(), errors: new PassThrough() }
    let words = ''
    for (const stream of [streams.output, streams.errors])
      stream.on('data', (chunk: Buffer) => (words += chunk.toString()))
    const terminal = terminalProgram({
      commands: testCommands,
      storeUrl: () => 'sqlite::memory:',
      packs: () => ({ models: '', endpoint: '', threads: 1 }),
      doctor: async () => true,
      streams,
      // The test's commands use only the log.
      open: async () =>
        new Dispatcher(testCommands, { log: logger } as Services, new Cooldowns(often, often)),
      signal: new AbortController().signal,
    })
    const asking = argv[0] === 'complete' ? [] : ['--buttons']
    const ended = terminal.run([...argv, ...asking]).then(() => words)
    const shown = async (wanted: string): Promise<Shown> => {
      const all = await ended
      if (!all.includes(wanted)) throw new Error(`nothing shows "${wanted}" in: ${all}`)
      return shownIn(all)
    }
    return { asked: { shown }, ended }
  }

  async function typed(value: string | Uint8Array): Promise<string> {
    if (typeof value === 'string') return value
    files += 1
    const path = join(folder, `${files}.png`)
    await writeFile(path, value)
    return path
  }

  /** Required options are arguments in order, the others are flags. */
  async function line(path: readonly string[], options: Readonly<Record<string, string | Uint8Array>>) {
    const command = testCommands.find(({ name }) => name === path[0])!
    const declared = ('subcommands' in command ? command.subcommands[path[1]!] : command)?.options ?? {}
    const words = [...path]
    for (const [name, value] of Object.entries(options))
      words.push(...(declared[name]?.required ? [] : [`--${name}`]), await typed(value))
    return words
  }

  const idOf = ({ words }: Shown, label: string): string =>
    [...words.matchAll(pressLine)].find(([, each]) => each === label)![2]!

  return {
    run: async (path, options = {}) => type(await line(path, options)).asked,
    menu: () => Promise.reject(new Error('a terminal has no messages')),
    mention: () => Promise.reject(new Error('a terminal has no messages')),
    press: async (shown, label) => type(['press', idOf(shown, label)]).asked,
    async choose({ words }, label) {
      const [value = ''] = words
        .split('\n')
        .find((each) => each.endsWith(label))!
        .trim()
        .split(/\s+/)
      const select = [...words.matchAll(pressLine)].find(([, , , takesValue]) => takesValue)!
      return type(['press', select[2]!, value]).asked
    },
    fillIn: async (shown, label, fields) => {
      const values = Object.entries(fields).map(([name, value]) => `${name}=${value}`)
      return type(['press', idOf(shown, label), ...values]).asked
    },
    async complete(path, option, given) {
      const suggested = await type(['complete', ...path, option, given]).ended
      return suggested.split('\n').flatMap((each) => each.split('\t')[1] ?? [])
    },
    // Every line is a process of its own: there is nothing to stop.
    restart: async () => undefined,
    stop: () => rm(folder, { recursive: true }),
    log: () => log.join(''),
    secrets: [],
    wrong: () => [],
  }
}

platformContract('The terminal', connect, {
  acknowledge: 'a terminal waits for the command itself',
  progress: 'shown where the error stream is a terminal, and wiped away',
  alone: 'only one person sits at a terminal',
  moderators: 'whoever starts the program owns it',
  menu: 'a terminal has no messages',
  mention: 'a terminal has no messages',
  files: 'a file is printed in place',
})
