import { platformContract } from '../platform.contract.ts'
import { discordDriver } from './driver.ts'

platformContract('Discord', discordDriver)
platformContract('Discord by signed HTTP', () => discordDriver('http'), {
  mention: 'messages come over the gateway alone',
})
platformContract('Discord by signed HTTP, two bots behind a balancer', () => discordDriver('http', 2), {
  mention: 'messages come over the gateway alone',
})
