/** Lists the model packs under models/ with size, licence and state: npm run models */
import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { createEncoder } from '../src/clip/encoder.ts'
import { openPack } from '../src/clip/pack.ts'
import { UserError } from '../src/errors.ts'
import { projectRoot } from '../src/root.ts'

async function describe(folder: string): Promise<string[]> {
  const pack = await openPack(folder)
  const { title, architecture, licence, files, picture, tap } = pack.facts
  const megabytes = files.reduce((sum, { bytes }) => sum + bytes, 0) / 2 ** 20
  const encoder = await createEncoder(pack, { provider: 'cpu', threads: 1 })
  try {
    const { modelMs } = await encoder.selfTest()
    return [
      `${title} (${pack.facts.id}): ${architecture}`,
      `size     ${megabytes.toFixed(1)} MB; ${tap.channels} units, pictures of ${picture.side} px`,
      `licence  ${licence}`,
      `state    ready; self-test passed, ${modelMs.toFixed(1)} ms a picture on one core`,
    ]
  } finally {
    await encoder.close()
  }
}

const models = join(projectRoot, 'models')
for (const entry of readdirSync(models, { withFileTypes: true }).filter((one) => one.isDirectory())) {
  const folder = join(models, entry.name)
  const lines = await describe(folder).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error
    process.exitCode = 1
    return [`state    cannot be used: ${error.message}`]
  })
  console.log([relative(projectRoot, folder), ...lines].join('\n  '))
}
