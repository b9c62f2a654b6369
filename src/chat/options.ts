import { UserError } from '../errors.ts'

/** A file that a person sent; nothing is downloaded before `read`, which is bounded by the platform. */
export interface PictureSource {
  readonly name: string
  read(signal?: AbortSignal): Promise<Uint8Array>
}

export interface Choice {
  readonly value: string
  readonly label: string
}

interface Base {
  readonly description: string
  readonly required?: boolean
}

/** What a person may give a command. Names are lower-case, `a-z` and `_`; a required one stands first. */
export type Option =
  | (Base & { readonly type: 'text'; readonly maxLength?: number; readonly completes?: boolean })
  | (Base & { readonly type: 'integer' | 'number'; readonly min?: number; readonly max?: number })
  | (Base & { readonly type: 'choice'; readonly choices: readonly Choice[] })
  | (Base & { readonly type: 'boolean' | 'picture' | 'channel' | 'role' })

export type OptionValue = string | number | boolean | PictureSource

/** The options of one invocation, already of the declared types (see parse-options.ts); typed on reading. */
export class Options {
  readonly #values: ReadonlyMap<string, OptionValue>

  constructor(values: Iterable<readonly [string, OptionValue]>) {
    this.#values = new Map(values)
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name)
    return typeof value === 'string' ? value : undefined
  }

  requiredText(name: string): string {
    return this.text(name) ?? missing(name)
  }

  number(name: string): number | undefined {
    const value = this.#values.get(name)
    return typeof value === 'number' ? value : undefined
  }

  /** Whether it was given at all: tells "no" from nothing. */
  has(name: string): boolean {
    return this.#values.has(name)
  }

  boolean(name: string): boolean {
    return this.#values.get(name) === true
  }

  picture(name: string): PictureSource | undefined {
    const value = this.#values.get(name)
    return typeof value === 'object' ? value : undefined
  }

  requiredPicture(name: string): PictureSource {
    return this.picture(name) ?? missing(name)
  }
}

function missing(name: string): never {
  throw new UserError('bad-option', `Please give "${name}".`)
}
