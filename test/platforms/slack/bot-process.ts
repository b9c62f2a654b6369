import { compiled } from '../../compiled.ts'
import { BotProcess } from '../bot-process.ts'
import type { SlackServer } from './slack-server.ts'

/** The real bot in a process of its own, by Socket Mode: stock Bolt, real engine, that store. */
export const spawnBot = ({ apiUrl, origin }: SlackServer, storeUrl: string): BotProcess =>
  new BotProcess({
    argv: [compiled('test/platforms/slack/child.ts'), apiUrl, origin, storeUrl, 'game'],
    ready: /ready/,
  })
