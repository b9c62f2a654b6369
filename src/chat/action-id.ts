/** Discord's limit for a custom_id, the shortest of our platforms'. */
const maxLength = 100

/**
 * The id of a button, select or form: command, action and arguments, so that a press still finds its way
 * after a restart. Larger state belongs in the store, with its key as an argument.
 */
export function actionId(command: string, action: string, ...args: (string | number)[]): string {
  const id = [command, action, ...args.map((arg) => encodeURIComponent(String(arg)))].join('/')
  if (id.length > maxLength)
    throw new Error(`action id is ${id.length} characters long, at most ${maxLength}: ${id}`)
  return id
}

/** The inverse of `actionId`; undefined where the text is not one. */
export function parseActionId(id: string): { command: string; action: string; args: string[] } | undefined {
  const [command, action, ...args] = id.split('/')
  if (!command || !action) return undefined
  return { command, action, args: args.map(decodeURIComponent) }
}
