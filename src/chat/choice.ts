/** One of the values that an option or a select offers. Apart from options.ts, so that the page's modules can check against it. */
export interface Choice<Value extends string = string, Label = string> {
  readonly value: Value
  readonly label: Label
}

export type OptionType = 'text' | 'integer' | 'number' | 'choice' | 'boolean' | 'picture' | 'channel' | 'role'
