import { platformContract } from '../platform.contract.ts'
import { connectSlackDriver } from './start.ts'

platformContract('Slack over Socket Mode', () => connectSlackDriver('socket'))
platformContract('Slack over signed HTTP', () => connectSlackDriver('http'))
platformContract('Slack over signed HTTP, two bots behind a balancer', () => connectSlackDriver('http', 2))
