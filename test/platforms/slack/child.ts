/*
 * The bot in a process of its own, to be killed: API-URL ORIGIN STORE-URL. Says "ready" when it is connected by
 * Socket Mode.
 */
import { startBot } from './start.ts'

const [apiUrl = '', origin = '', storeUrl = ''] = process.argv.slice(2)
await startBot({ apiUrl, origin }, { kind: 'socket' }, { storeUrl })
process.stdout.write('ready\n')
