import { existsSync } from 'node:fs'
import { InferenceSession } from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import { gradient, writeGraph } from '../../src/onnx/index.ts'
import { clipResNet, randomFeeds } from '../onnx/clip-resnet.ts'
import { largestDifference } from '../onnx/peer/torch.ts'

/** Debian's chromium brings a Vulkan that runs without a graphics card; libvulkan1 loads it. */
const vulkan = '/usr/lib/chromium/vk_swiftshader_icd.json'
const loader = '/usr/lib/x86_64-linux-gnu/libvulkan.so.1'
const there = existsSync(vulkan) && existsSync(loader)
const orSkipped = there ? '' : ' (skipped: no libvulkan1 with SwiftShader)'

describe.skipIf(!there)(`on a graphics card${orSkipped}`, () => {
  test("a trunk's gradient is the processor's", async () => {
    process.env['VK_ICD_FILENAMES'] ??= vulkan
    const trunk = clipResNet({ width: 8, layers: [1, 1] }, [1, 3, 32, 32])
    const graph = gradient(trunk, { of: 'activations', withRespectTo: 'image', keep: ['activations'] })
    const feeds = randomFeeds(graph)
    const run = async (executionProviders: string[]) => {
      const session = await InferenceSession.create(writeGraph(graph), {
        executionProviders,
        logSeverityLevel: 3,
      })
      return (await session.run(feeds))['d_image']!.data as Float32Array
    }
    expect(largestDifference(await run(['webgpu', 'cpu']), await run(['cpu']))).toBeLessThan(1e-4)
  })
})
