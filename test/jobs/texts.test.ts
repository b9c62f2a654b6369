import { describe, expect, test } from 'vitest'
import { Texts } from '../../src/jobs/texts.ts'

const embedder = () => {
  const parts: string[][] = []
  const compute = async (words: readonly string[]) => {
    parts.push([...words])
    return words.map((word) => Float32Array.of(word.length))
  }
  return { parts, compute }
}

describe('texts', () => {
  test('are computed in parts, each word once, and given in the order asked for', async () => {
    const { parts, compute } = embedder()
    const embeddings = await new Texts(2, 10).embed(['a', 'bb', 'a', 'ccc'], compute)
    expect(embeddings.map(([value]) => value)).toEqual([1, 2, 1, 3])
    expect(parts).toEqual([['a', 'bb'], ['ccc']])
  })

  test('are remembered until too many others have been asked for', async () => {
    const { parts, compute } = embedder()
    const texts = new Texts(10, 2)
    for (const word of ['a', 'bb', 'a', 'ccc', 'a', 'bb']) await texts.embed([word], compute)
    expect(parts.flat()).toEqual(['a', 'bb', 'ccc', 'bb'])
  })

  test('that are kept are never computed, and don’t take up room', async () => {
    const { parts, compute } = embedder()
    const texts = new Texts(10, 1)
    texts.keep(['a', 'bb'], [Float32Array.of(7), Float32Array.of(8)])
    for (const word of ['ccc', 'a', 'bb', 'ccc']) await texts.embed([word], compute)
    expect((await texts.embed(['bb'], compute))[0]).toEqual(Float32Array.of(8))
    expect(parts.flat()).toEqual(['ccc'])
  })

  test('are all given, even if they are more than can be remembered', async () => {
    const { compute } = embedder()
    const words = ['a', 'bb', 'ccc', 'dddd']
    const embeddings = await new Texts(3, 2).embed(words, compute)
    expect(embeddings.map(([value]) => value)).toEqual([1, 2, 3, 4])
  })
})
