import { join } from 'node:path'
import { projectRoot } from '../../../src/root.ts'
import { BotProcess } from '../bot-process.ts'

/** The bot as `npm start` runs it, with its store in that folder; it prints the playground's address and the owner's link. */
export const spawnBot = (folder: string): BotProcess =>
  new BotProcess({
    argv: [join(projectRoot, 'dist/src/main.js')],
    cwd: folder,
    env: { PORT: '0', PROVIDER: 'cpu', STORE_URL: 'sqlite://store.db' },
    ready: /^(?=[^]*The playground is at (http:\/\/127\.0\.0\.1:\d+))[^]*?(http:\/\/\S+\/owner\/[\w-]{43})/,
  })
