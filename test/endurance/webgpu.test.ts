import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { Provider } from '../../src/jobs/engine.ts'
import { compiled } from '../compiled.ts'
import { projectRoot } from '../../src/root.ts'

const swiftshader = '/usr/lib/chromium/vk_swiftshader_icd.json'
const missing = [
  ...(existsSync(swiftshader) ? [] : ['chromium-common']),
  ...(existsSync('/usr/lib/x86_64-linux-gnu/libvulkan.so.1') ? [] : ['libvulkan1']),
]
const reasonToSkip = missing.length > 0 ? ` (skipped: Debian’s ${missing.join(' and ')} not installed)` : ''

/** Runs a script in a process of its own: Vulkan settles which graphics drivers there are when it is first loaded. */
async function measure(script: string, provider: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [compiled(script), provider], {
    cwd: projectRoot,
    env: { ...process.env, VK_ICD_FILENAMES: swiftshader },
    maxBuffer: 2 ** 26,
  })
  return JSON.parse(stdout)
}

// A software GPU compiles for seconds before it computes.
describe.skipIf(reasonToSkip)(`webgpu on a software GPU${reasonToSkip}`, () => {
  interface Analysed {
    status: { provider: Provider; reports: { provider: Provider; serves: boolean; reason: string }[] }
    map: number[]
    batch: number[]
  }
  const analysed = async (provider: string) => (await measure('test/jobs/child.ts', provider)) as Analysed
  const drawn = async (provider: string) =>
    (await measure('test/visualization/child.ts', provider)) as number[]

  test('computes what the CPU does', async () => {
    const [gpu, cpu] = [await analysed('webgpu'), await analysed('cpu')]
    expect(gpu.status.provider).toBe('webgpu')
    expect(cpu.status.provider).toBe('cpu')
    for (const output of ['map', 'batch'] as const) {
      const largest = Math.max(...cpu[output].map(Math.abs))
      const off = Math.max(...cpu[output].map((value, i) => Math.abs(value - gpu[output][i]!)))
      expect(largest).toBeGreaterThan(0.1)
      expect(off / largest).toBeLessThan(1e-3)
    }
  })

  test('is found to be slower than the CPU by auto', async () => {
    const { status } = await analysed('auto')
    expect(status.provider).toBe('cpu')
    expect(status.reports.find(({ provider }) => provider === 'webgpu')?.reason).toMatch(
      /^slower than the CPU/,
    )
  })

  test('draws in ten steps what the CPU draws', async () => {
    const [gpu, cpu] = [await drawn('webgpu'), await drawn('cpu')]
    const apart = gpu.map((value, i) => Math.abs(value - cpu[i]!))
    // In levels of 255. Each step is divided by its gradient's size: rounding moves a pixel most where that is near zero.
    expect(apart.reduce((sum, levels) => sum + levels, 0) / apart.length).toBeLessThan(0.5)
    expect(Math.max(...apart)).toBeLessThanOrEqual(6)
  })
})
