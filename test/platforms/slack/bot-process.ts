import { join } from 'node:path'
import { projectRoot } from '../../../src/root.ts'
import { BotProcess } from '../bot-process.ts'
import type { SlackServer } from './slack-server.ts'

const script = join(projectRoot, 'test/platforms/slack/child.ts')

/** The real bot in a process of its own, by Socket Mode: stock Bolt, real engine, that store. */
export const spawnBot = ({ apiUrl, origin }: SlackServer, storeUrl: string): BotProcess =>
  new BotProcess({
    argv: ['--import', 'tsx', script, apiUrl, origin, storeUrl, 'game'],
    ready: /ready/,
  })
