/** What a person did wrong; the code lets a platform or a test tell the cases apart without reading the sentence. */
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

/**
 * A mistake or a state of affairs that the person can do something about. The message is one sentence,
 * shown as it is; a cooldown is given back. Anything that is not a UserError is a fault of ours: it is
 * logged with its cause and an id, and the person sees only the id.
 */
export class UserError extends Error {
  override readonly name = 'UserError'
  readonly code: UserErrorCode

  constructor(code: UserErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
