/** Run by test/endurance/webgpu.test.ts in a process of its own: prints what one provider makes of some pictures, as JSON. */
import { pino } from 'pino'
import { openPack } from '../../src/clip/pack.ts'
import { createEngine } from '../../src/jobs/in-process.ts'
import type { ProviderSetting } from '../../src/jobs/engine.ts'
import { noise, packFolder } from './noise.ts'

const provider = process.argv[2] as ProviderSetting
const log = pino({ level: 'silent' })
const engine = await createEngine({
  pack: await openPack(packFolder),
  provider,
  threads: 2,
  queueLimit: 9,
  log,
})
const { maps } = await engine.analyse(await noise(1), { alone: true, maps: 'all' })
const together = await Promise.all([1, 2, 3].map(async (seed) => engine.analyse(await noise(seed))))
const batch = together.flatMap((one) => [...one.embedding])
process.stdout.write(JSON.stringify({ status: engine.status(), map: [...maps.data], batch }))
await engine.close()
