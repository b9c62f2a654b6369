import { platformContract } from '../platform.contract.ts'
import { discordDriver } from './driver.ts'

platformContract('Discord', discordDriver)
