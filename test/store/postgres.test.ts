import { postgresIsMissing, startPostgres } from './servers.ts'
import { storeContract } from './store.contract.ts'

storeContract('PostgreSQL', startPostgres, postgresIsMissing)
