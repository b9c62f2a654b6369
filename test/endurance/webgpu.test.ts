import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { projectRoot } from '../../src/root.ts'

describe('a visualisation on a software GPU', () => {
  const swiftshader = '/usr/lib/chromium/vk_swiftshader_icd.json'
  const reasonToSkip = existsSync(swiftshader) ? '' : ' (skipped: Debian’s chromium-common is not installed)'

  // In a process of its own: which graphics drivers there are is settled when Vulkan is first loaded.
  const measure = async (provider: string) => {
    const script = `${projectRoot}/test/visualization/child.ts`
    const env = { ...process.env, VK_ICD_FILENAMES: swiftshader }
    const { stdout } = await promisify(execFile)('node_modules/.bin/tsx', [script, provider], {
      cwd: projectRoot,
      env,
      maxBuffer: 2 ** 26,
    })
    return JSON.parse(stdout) as number[]
  }

  test.skipIf(reasonToSkip)(`webgpu makes what the CPU makes in ten steps${reasonToSkip}`, async () => {
    const [gpu, cpu] = [await measure('webgpu'), await measure('cpu')]
    const apart = gpu.map((value, i) => Math.abs(value - cpu[i]!))
    expect(Math.max(...apart) / 255).toBeLessThan(1e-2)
  })
})
