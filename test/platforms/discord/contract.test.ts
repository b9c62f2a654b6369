import { platformContract } from '../platform.contract.ts'
import { discordDriver } from './driver.ts'

platformContract('Discord', discordDriver)
platformContract('Discord by signed HTTP', () => discordDriver('http'), {
  mention: 'messages come over the gateway alone',
})
