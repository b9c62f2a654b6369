import { userInfo } from 'node:os'
import { Command as Program, CommanderError, Option as Flag } from 'commander'
import type { Command, Invocation } from '../../chat/command.ts'
import type { Dispatcher } from '../../chat/dispatch.ts'
import type { Origin } from '../../chat/context.ts'
import type { Option, Options } from '../../chat/options.ts'
import { languageOf, spoken, type Translate, translator } from '../../language.ts'
import { parseOptions, type RawOptions } from '../../chat/parse-options.ts'
import { UserError } from '../../errors.ts'
import { addAttack } from './attack.ts'
import { addKeeping } from './keep.ts'
import { addModels } from './models.ts'
import type { PackSettings } from './pack-setup.ts'
import { pictureFrom } from './picture-source.ts'
import { TerminalResponder, type TerminalOptions, type TerminalStreams } from './responder.ts'
import { mustBeWritable } from './writable.ts'
import { type VisualizeFlags, visualizeUnit } from './visualize.ts'

export interface TerminalSetup {
  readonly commands: readonly Command[]
  readonly streams: TerminalStreams
  /** Opens engine, store and the rest, only when a command really runs. */
  readonly open: () => Promise<Dispatcher>
  readonly signal: AbortSignal
  /** BCP 47: the language of the terminal's user; English if absent. */
  readonly locale?: string
  /** The setting STORE_URL, for backup and restore. */
  readonly storeUrl: () => string
  /** The settings about model packs. */
  readonly packs: () => PackSettings
  /** Checks whether everything works, and says what it finds. */
  readonly doctor: (say: (line: string) => void) => Promise<boolean>
}

const place = { platform: 'terminal', community: 'terminal', channel: 'terminal' } as const

/** One run of the program: what it was set up with, and how it ended. */
interface Run extends TerminalSetup {
  exitCode: number
}

/**
 * The command-line program: every command of the bot, made from its declaration. Required options are
 * positional arguments, the others flags. `run` resolves with the exit status.
 */
export function terminalProgram(given: TerminalSetup): {
  program: Program
  run(argv: readonly string[]): Promise<number>
} {
  const setup: Run = { ...given, exitCode: 0 }
  const program = new Program('neuron-games')
    .description('Play with the neurons of CLIP: which units fire for a picture, and what do they look for?')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void setup.streams.output.write(text),
      writeErr: (text) => void setup.streams.errors.write(text),
    })
    .showHelpAfterError('(npx neuron-games --help tells everything)')
  for (const command of setup.commands) addCommand(program, command, setup)
  addPress(program, setup)
  addVisualize(program, setup)
  addComplete(program, setup)
  addAttack(program, setup.streams, setup.signal, async () => (await setup.open()).services)
  addModels(program, setup)
  const say = (line: string) => void setup.streams.output.write(`${line}\n`)
  const warn = (line: string) => void setup.streams.errors.write(`${line}\n`)
  addKeeping(program, setup.storeUrl, { say, warn })
  program
    .command('doctor')
    .description('check settings, packs, this machine, every record of the store, and tokens')
    .action(async () => {
      if (!(await setup.doctor(say))) setup.exitCode = 1
    })
  return {
    program,
    async run(argv) {
      setup.exitCode = 0
      try {
        await program.parseAsync(argv, { from: 'user' })
        return setup.exitCode
      } catch (error) {
        if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
        const told = isAbort(error) ? new UserError('cancelled', 'chat.cancelled', { cause: error }) : error
        if (!(told instanceof UserError)) throw told
        setup.streams.errors.write(`${told.in(translatorOf(setup))}\n`)
        return 2
      }
    },
  }
}

/** What Node throws wherever the tool was interrupted (Ctrl-C). */
const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError'

function addCommand(program: Program, command: Command, setup: Run): void {
  if (!('subcommands' in command)) {
    addInvocation(program.command(command.name), [command.name], command, setup)
    return
  }
  const group = program.command(command.name).description(spoken(command.description, translatorOf(setup)))
  for (const [name, invocation] of Object.entries(command.subcommands)) {
    addInvocation(group.command(name), [command.name, name], invocation, setup)
  }
}

function addInvocation(target: Program, path: readonly string[], invocation: Invocation, setup: Run): void {
  const t = translatorOf(setup)
  const declared = Object.entries(invocation.options ?? {})
  target.description(spoken(invocation.description, t))
  for (const [name, option] of declared.filter(([, option]) => option.required)) {
    target.argument(`<${name}>`, describe(option, t))
  }
  for (const [name, option] of declared.filter(([, option]) => !option.required)) {
    const flag = `--${name.replaceAll('_', '-')}`
    target.addOption(
      new Flag(option.type === 'boolean' ? flag : `${flag} <${option.type}>`, describe(option, t)),
    )
  }
  target.option('--json', t('terminal.json'))
  target.option('--card <file>', t('terminal.card'))
  target.option('--buttons', t('terminal.buttons'))
  const required = declared.filter(([, option]) => option.required).map(([name]) => name)
  target.action(async (...given: unknown[]) => {
    const flags = target.opts<Record<string, string | boolean | undefined>>()
    const raw: Record<string, RawOptions[string]> = {}
    for (const [name, option] of declared) {
      const value = required.includes(name) ? given[required.indexOf(name)] : flags[camelCase(name)]
      if (typeof value === 'string' || typeof value === 'boolean') raw[name] = rawValue(option, value, setup)
    }
    const options = parseOptions(invocation.options ?? {}, raw, t)
    await answer(setup, flags, (dispatcher, responder) =>
      dispatcher.run(path, options, origin(setup), responder),
    )
  })
}

function addPress(program: Program, setup: Run): void {
  const t = translatorOf(setup)
  program
    .command('press')
    .description(t('terminal.press.description'))
    .argument('<id>', t('terminal.press.id'))
    .argument('[values...]', t('terminal.press.values'))
    .option('--json', t('terminal.json'))
    .option('--card <file>', t('terminal.card'))
    .option('--buttons', t('terminal.buttons'))
    .action(async (id: string, values: string[], flags: TerminalOptions) => {
      await answer(setup, flags, (dispatcher, responder) => {
        const form = dispatcher.commands.form(id)
        const fields = form && parseOptions(form.fields, fieldsOf(form.fields, values, setup), t)
        const message = { ...place, message: 'last' }
        return dispatcher.press(
          { id, ...(fields ? { values: fields } : { chosen: values }), message },
          origin(setup),
          responder,
        )
      })
    })
}

function addVisualize(program: Program, setup: Run): void {
  program
    .command('visualize')
    .description('draw what a unit looks for')
    .argument('<unit>', 'its number or name')
    .option('--facet <name>', 'draw it as one kind of picture (of the pocket pack: drawing, photo, word)')
    .option('--steps <n>', 'optimisation steps, 1 to 2048')
    .option('--size <px>', 'side of the picture, 32 to 512')
    .option('--seed <n>', 'another number makes another picture')
    .option('--out <file>', 'the .png or .webp file to write; without it, a name made of the unit')
    .option('--json', 'print { unit, steps, seconds, activation, sigma, percentile } and nothing else')
    .action(async (unit: string, flags: VisualizeFlags) => {
      const { services } = await setup.open()
      await visualizeUnit(unit, flags, services, setup)
    })
}

function addComplete(program: Program, setup: Run): void {
  program
    .command('complete')
    .description('suggest values for an option, one a line: complete neuron which spi')
    .argument('<words...>', 'command, subcommand where it has one, option, and what is typed so far')
    .action(async (words: string[]) => {
      const depth = setup.commands.some((command) => command.name === words[0] && 'subcommands' in command)
        ? 2
        : 1
      const dispatcher = await setup.open()
      const choices = await dispatcher.complete(
        words.slice(0, depth),
        words[depth] ?? '',
        words[depth + 1] ?? '',
        origin(setup),
      )
      for (const choice of choices) setup.streams.output.write(`${choice.value}\t${choice.label}\n`)
    })
}

async function answer(
  setup: Run,
  flags: TerminalOptions,
  run: (dispatcher: Dispatcher, responder: TerminalResponder) => Promise<void>,
): Promise<void> {
  await mustBeWritable(flags.card)
  const responder = new TerminalResponder(setup.streams, flags, translatorOf(setup))
  await run(await setup.open(), responder)
  setup.exitCode = responder.exitCode
}

function fieldsOf(declared: Options, values: readonly string[], setup: Run): RawOptions {
  const pairs = values.map((value) => {
    const [name = '', ...rest] = value.split('=')
    const option = declared[name]
    return [name, option ? rawValue(option, rest.join('='), setup) : rest.join('=')] as const
  })
  return Object.fromEntries(pairs)
}

const rawValue = (option: Option, value: string | boolean, setup: Run): NonNullable<RawOptions[string]> =>
  option.type === 'picture' && typeof value === 'string' ? pictureFrom(value, setup.streams.input) : value

const translatorOf = ({ locale = 'en' }: Pick<Run, 'locale'>): Translate => translator(languageOf(locale))

function origin(setup: Run): Origin {
  const name = userName()
  return {
    platform: 'terminal',
    place,
    person: { id: name, name, moderator: true },
    locale: setup.locale ?? 'en',
    communityLocale: setup.locale ?? 'en',
    theme: 'light',
    signal: setup.signal,
  }
}

/** In a container a user may have just a number; Node then knows no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.()}`
  }
}

const describe = (option: Option, t: Translate): string =>
  option.type === 'choice'
    ? `${spoken(option.description, t)} (${option.choices.map((choice) => choice.value).join(', ')})`
    : spoken(option.description, t)

const camelCase = (name: string): string =>
  name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
