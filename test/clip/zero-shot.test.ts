import { describe, expect, test } from 'vitest'
import { embedLabels, fitLabels, sharesOf } from '../../src/clip/zero-shot.ts'
import { joinRows } from '../../src/threads/answer.ts'
import { openPack } from '../../src/clip/pack.ts'
import { join } from 'node:path'
import { projectRoot } from '../../src/root.ts'

const half = Math.SQRT1_2

describe('how well labels fit a picture', () => {
  const picture = Float32Array.from([half, half, 0])
  const texts = [
    [1, 0, 0],
    [0, 0, 1],
    [half, half, 0],
  ].map((row) => Float32Array.from(row))

  test('is the cosine, and its softmax with the pack’s logit scale', () => {
    const { similarities, probabilities } = fitLabels(picture, joinRows(texts), 2)
    const expected = [half, 0, 1]
    const sum = expected.reduce((total, value) => total + Math.exp(2 * value), 0)
    expected.forEach((similarity, i) => {
      expect(similarities[i]).toBeCloseTo(similarity, 6)
      expect(probabilities[i]).toBeCloseTo(Math.exp(2 * similarity) / sum, 6)
    })
  })

  test('for any number of labels', () => {
    for (const count of [1, 2, 3, 4, 5, 9]) {
      const rows = Array.from({ length: count }, (_, row) => texts[(row * 2) % 3]!)
      const { similarities } = fitLabels(picture, joinRows(rows), 1)
      expect(similarities).toHaveLength(count)
      rows.forEach((row, i) =>
        expect(similarities[i]).toBeCloseTo(
          sharesOf(picture, row).reduce((a, b) => a + b),
          6,
        ),
      )
    }
  })

  test('probabilities stay numbers when the logit scale is 100', () => {
    const { probabilities } = fitLabels(picture, joinRows(texts), 100)
    expect(probabilities.reduce((total, probability) => total + probability, 0)).toBeCloseTo(1, 6)
    expect(probabilities[2]).toBeGreaterThan(0.99)
  })

  test('each unit’s share of a similarity; the shares add up to it', () => {
    const shares = sharesOf(picture, texts[2]!)
    shares.forEach((share, i) => expect(share).toBeCloseTo([0.5, 0.5, 0][i]!, 6))
    const { similarities } = fitLabels(picture, joinRows(texts), 1)
    expect(shares.reduce((total, share) => total + share, 0)).toBeCloseTo(similarities[2]!, 6)
  })
})

describe('embeddings of labels', () => {
  test('are the mean over the pack’s prompts, at length 1', async () => {
    const { facts } = await openPack(join(projectRoot, 'models', 'pocket'))
    const asked: string[] = []
    const encoder = {
      encodeTexts: (texts: readonly string[]) => {
        asked.push(...texts)
        const vector = texts[0]!.startsWith('a') ? [1, 0, 0, 0] : [0, 1, 0, 0]
        return Promise.resolve(texts.map(() => Float32Array.from(vector)))
      },
    }
    const prompts = ['a drawing of a {}', '{}']
    const [embedding] = await embedLabels(encoder, { ...facts, prompts, dimensions: 4 }, ['$& cat', 'dog'])
    expect(asked).toEqual(['a drawing of a $& cat', 'a drawing of a dog', '$& cat', 'dog'])
    embedding!.forEach((value, i) => expect(value).toBeCloseTo([half, half, 0, 0][i]!, 6))
  })
})
