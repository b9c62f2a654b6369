import { join } from 'node:path'
import { projectRoot } from '../../../src/root.ts'
import { BotProcess } from '../bot-process.ts'
import { token, type DiscordServer } from './discord-server.ts'

/** The real bot in a process of its own: stock discord.js, real engine, a SQLite file. Logs at debug level. */
export const spawnBot = (server: DiscordServer, storeFile: string): BotProcess =>
  new BotProcess({
    argv: ['--import', 'tsx', join(projectRoot, 'test/platforms/discord/child.ts'), server.origin],
    env: { DISCORD_TOKEN: token, PROVIDER: 'cpu', STORE_URL: `sqlite://${storeFile}` },
    ready: /the bot is ready/,
  })

/** The same, serving. */
export async function startBotProcess(server: DiscordServer, storeFile: string): Promise<BotProcess> {
  const bot = spawnBot(server, storeFile)
  await bot.serves()
  return bot
}
