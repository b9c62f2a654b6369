import { some } from '../../examples.ts'
import { platformContract } from '../platform.contract.ts'
import { connectSlackDriver } from './start.ts'

const ways = [
  ['Slack over Socket Mode', () => connectSlackDriver('socket')],
  ['Slack over signed HTTP, two bots behind a balancer', () => connectSlackDriver('http', 2)],
  ['Slack over signed HTTP', () => connectSlackDriver('http')],
] as const
for (const [name, connect] of some(1, ways)) platformContract(name, connect)
