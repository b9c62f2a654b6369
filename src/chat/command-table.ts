import { UserError } from '../errors.ts'
import { own } from '../own.ts'
import { parseActionId } from './actions.ts'
import type { Action, Command, Form, Invocation, PictureMenu } from './command.ts'

/** An action that an id leads to, with the arguments that the id carries. */
export interface FoundAction {
  readonly action: Action
  readonly args: readonly string[]
}

/** The commands, and all that is found in them by what people type and press. */
export class CommandTable {
  readonly all: readonly Command[]

  constructor(all: readonly Command[]) {
    this.all = all
  }

  named(name: string | undefined): Command | undefined {
    return this.all.find((command) => command.name === name)
  }

  /** @param path command, and subcommand if it has some. Undefined if there is none with that name. */
  invocation(path: readonly string[]): Invocation | undefined {
    const command = this.named(path[0])
    if (!command) return undefined
    return 'subcommands' in command ? own(command.subcommands, path[1]) : command
  }

  /** What to say of a path that leads to no invocation: there is no such command, or one of its subcommands is needed. */
  unknown(path: readonly string[]): UserError {
    const typed = `/${path.join(' ')}`
    const command = this.named(path[0])
    if (!command || !('subcommands' in command))
      return new UserError('not-found', 'errors.noCommand', { values: { typed } })
    const all = Object.keys(command.subcommands).map((name) => `/${command.name} ${name}`)
    const values = { typed, all: all.join(', ') }
    return new UserError('not-found', path[1] ? 'errors.noSubcommand' : 'errors.chooseSubcommand', { values })
  }

  /** The picture menu of the command with this name. */
  pictureMenu(name: string): PictureMenu | undefined {
    return this.named(name)?.pictureMenu
  }

  /** The action behind a button's, select's or form's id, so that a platform knows how to acknowledge it. */
  action(id: string): FoundAction | undefined {
    const parsed = parseActionId(id)
    const action = own(this.named(parsed?.command)?.actions ?? {}, parsed?.action)
    return action && { action, args: parsed!.args }
  }

  /** The form that a button opens, if it opens one; an outdated button opens none, and a press of it says so. */
  form(id: string): Form | undefined {
    const found = this.action(id)
    try {
      return found?.action.form?.(found.args)
    } catch (error) {
      if (error instanceof UserError) return undefined
      throw error
    }
  }
}
