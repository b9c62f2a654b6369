import { describe, expect, test } from 'vitest'
import { findTap } from '../../src/clip/tap.ts'
import { GraphBuilder } from '../../src/onnx/index.ts'
import { clipResNet } from '../onnx/clip-resnet.ts'

/** A small CLIP ResNet with its last Relu; the last residual sum has 32 times the stem's channels. */
function exported() {
  const g = new GraphBuilder(clipResNet({ width: 2, layers: [1, 1, 1, 2] }, [1, 3, 32, 32]))
  return g.build([g.op('GlobalAveragePool', [g.op('Relu', ['activations'])], {}, 'pooled')])
}

describe('the tapped tensor', () => {
  const graph = exported()

  test('is found by structure: the last sum with that many channels before a Relu', () => {
    expect(findTap(graph, { channels: 64 })).toBe('activations')
  })

  test('is found in an earlier layer too, by its channels', () => {
    const name = findTap(graph, { channels: 32 })!
    expect(name).not.toBe('activations')
    expect(graph.nodes.find(({ outputs }) => outputs.includes(name))?.op).toBe('Add')
  })

  test('is not found if no sum has that many channels', () => {
    expect(findTap(graph, { channels: 2560 })).toBeUndefined()
  })

  test('is the one that pack.json names, if it is there', () => {
    expect(findTap(graph, { tensor: 'pooled', channels: 64 })).toBe('pooled')
    expect(findTap(graph, { tensor: 'elsewhere', channels: 64 })).toBeUndefined()
  })
})
