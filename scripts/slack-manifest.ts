import { writeFile } from 'node:fs/promises'
import { commands } from '../commands/index.ts'
import { manifest } from '../src/platforms/slack/manifest.ts'

/**
 * Writes slack-manifest.json from the commands: `npm run slack:manifest` for Socket Mode,
 * `npm run slack:manifest -- https://bot.example.org` for HTTP.
 */
const [url] = process.argv.slice(2)
await writeFile('slack-manifest.json', `${JSON.stringify(manifest(commands, url), null, 2)}\n`)
console.log(`slack-manifest.json is written for ${url ? 'HTTP' : 'Socket Mode'}.`)
