import { english, say, type Key, type Translate, type Values } from './language.ts'

/** What a person did wrong; lets a platform or a test tell cases apart without reading the sentence. */
export type UserErrorCode =
  | 'bad-picture'
  | 'bad-option'
  | 'not-found'
  | 'not-allowed'
  | 'busy'
  | 'too-soon'
  | 'cancelled'
  | 'closed'
  | 'bad-pack'
  | 'bad-settings'

interface Details extends ErrorOptions {
  /** What is filled into the sentence. */
  readonly values?: Values
}

/** What of it crosses to another thread or process. JSON-safe. */
export type PackedError = Pick<UserError, 'code' | 'key' | 'values'>

/**
 * A mistake or a situation that the person can do something about: one sentence of the catalogues, in their language; a
 * cooldown is given back. Any other error is our fault: it is logged with its cause and an id, and the person sees only
 * the id. The message is the sentence in English.
 */
export class UserError extends Error {
  override readonly name = 'UserError'
  readonly code: UserErrorCode
  readonly key: Key
  readonly values: Values

  constructor(code: UserErrorCode, key: Key, { values = {}, ...options }: Details = {}) {
    super(say({ key, values }, english), options)
    this.code = code
    this.key = key
    this.values = values
  }

  in(t: Translate): string {
    return say(this, t)
  }

  pack(): PackedError {
    return { code: this.code, key: this.key, values: this.values }
  }

  static unpack({ code, key, values }: PackedError, options?: ErrorOptions): UserError {
    return new UserError(code, key, { ...options, values })
  }
}

/**
 * What whoever runs the bot did wrong, with its settings, its packs or its tools. These stay English in every language, as
 * the manual and the logs are.
 */
export const ownerError = (code: UserErrorCode, sentence: string, options: ErrorOptions = {}): UserError =>
  new UserError(code, 'errors.owner', { values: { sentence }, ...options })
