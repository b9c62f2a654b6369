import { some } from '../../examples.ts'
import { platformContract } from '../platform.contract.ts'
import { discordDriver } from './driver.ts'

const mention = 'messages come over the gateway alone'
const ways = [
  ['Discord', () => discordDriver(), {}],
  ['Discord by signed HTTP, two bots behind a balancer', () => discordDriver('http', 2), { mention }],
  ['Discord by signed HTTP', () => discordDriver('http'), { mention }],
] as const
for (const [name, connect, gaps] of some(2, ways)) platformContract(name, connect, gaps)
