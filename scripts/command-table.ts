import type { Command } from '../src/chat/command.ts'

const [begin, end] = ['<!-- commands: npm run readme -->', '<!-- /commands -->']

/** A README with the table between the two comments made from the commands. */
export function withCommands(readme: string, commands: readonly Command[]): string {
  const rows = commands.map(({ name, description, pictureMenu }) => {
    const menu = pictureMenu ? `, or *${pictureMenu.label}* in the menu of a picture` : ''
    return `| \`/${name}\`${menu} | ${description} |`
  })
  const [before, rest = ''] = readme.split(begin)
  const after = rest.split(end)[1]
  if (after === undefined) throw new Error(`README.md has lost ${begin} or ${end}`)
  return `${before}${begin}\n\n| | |\n|---|---|\n${rows.join('\n')}\n\n${end}${after}`
}
