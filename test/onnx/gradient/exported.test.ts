import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { some } from '../../examples.ts'
import { gradient, readGraph } from '../../../src/onnx/index.ts'
import { floatsIn, largestDifference, orSkipped, python, script, torch } from '../peer/torch.ts'
import { open } from '../run.ts'

describe.skipIf(!torch)(
  `the gradient of encoders that PyTorch exported, their shapes computed in the graph, is PyTorch's${orSkipped}`,
  () => {
    let folder: string
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'exported-'))
    })
    afterAll(() => rmSync(folder, { recursive: true }))

    const exports = [17, 14, 13].flatMap((opset) => ['vit', 'resnet'].map((kind) => [kind, opset] as const))
    test.each(some(1, exports))('%s, opset %i', async (kind, opset) => {
      const { status, stderr } = spawnSync(python, [script('encoders.py'), folder, kind, String(opset)])
      if (status !== 0) throw new Error(String(stderr))
      const floats = (name: string): number[] => [...floatsIn(join(folder, `${name}.bin`))]
      const model = await readGraph(join(folder, 'model.onnx'))
      const shape = [2, 3, 32, 32]
      const both = gradient(model, {
        of: 'embedding',
        withRespectTo: 'image',
        keep: ['embedding'],
        shapes: { image: shape },
      })
      const results = await (
        await open(both)
      )({
        image: { type: 'float32', shape, values: floats('image') },
        d_embedding: { type: 'float32', shape: [2, 24], values: floats('upstream') },
      })
      expect(largestDifference(results['embedding']!, floats('embedding'))).toBeLessThan(1e-4)
      expect(largestDifference(results['d_image']!, floats('gradient'))).toBeLessThan(1e-3)
    })
  },
)
