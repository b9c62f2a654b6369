import { compiled } from '../../compiled.ts'
import { BotProcess } from '../bot-process.ts'
import { token, type DiscordServer } from './discord-server.ts'

/** The real bot in a process of its own: stock discord.js, real engine, a SQLite file. Logs at debug level. */
export const spawnBot = (server: DiscordServer, storeFile: string, pack?: string): BotProcess =>
  new BotProcess({
    argv: [compiled('test/platforms/discord/child.ts'), server.origin],
    env: {
      DISCORD_TOKEN: token,
      PROVIDER: 'cpu',
      STORE_URL: `sqlite://${storeFile}`,
      ...(pack && { MODEL_PACK: pack }),
    },
    ready: /the bot is ready/,
  })

/** The same, serving. */
export async function startBotProcess(
  server: DiscordServer,
  storeFile: string,
  pack?: string,
): Promise<BotProcess> {
  const bot = spawnBot(server, storeFile, pack)
  await bot.serves()
  return bot
}
