import { redisIsMissing, startRedis } from './servers.ts'
import { storeContract } from './store.contract.ts'

storeContract('Redis', startRedis, redisIsMissing)
