import { existsSync, readdirSync } from 'node:fs'
import { drawSample, fingerprint, installedFonts, missing, samples } from './samples.ts'

/** Run by fonts.test.ts on a machine without fonts: prints what it sees there. */
const drawn = Object.entries(samples).map(([script, text]) => [
  script,
  {
    missing: [...missing(text, 'regular'), ...missing(text, 'bold')],
    fingerprint: fingerprint(drawSample(text)),
  },
])
const installed = existsSync(installedFonts) ? readdirSync(installedFonts) : []
process.stdout.write(JSON.stringify({ installed, drawn: Object.fromEntries(drawn) }))
