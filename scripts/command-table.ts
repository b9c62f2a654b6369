import type { Command } from '../src/chat/command.ts'
import { english, spoken } from '../src/language.ts'
import { between } from './between.ts'

const comments = ['<!-- commands: npm run readme -->', '<!-- /commands -->'] as const

/** A README with the table between the two comments made from the commands. */
export function withCommands(readme: string, commands: readonly Command[]): string {
  const rows = commands.map(({ name, description, pictureMenu }) => {
    const menu = pictureMenu ? `, or *${spoken(pictureMenu.label, english)}* in the menu of a picture` : ''
    return `| \`/${name}\`${menu} | ${spoken(description, english)} |`
  })
  return between(readme, 'README.md', comments, ['| | |', '|---|---|', ...rows])
}
