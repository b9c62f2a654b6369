import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { clipBpe, longestMatch, openTokens } from '../../src/clip/tokens.ts'
import { projectRoot } from '../../src/root.ts'
import { littleTokenizer } from './little-pack.ts'

describe('the pocket model’s word pieces', () => {
  const vocabulary = ['<pad>', '$', '_c', '_ca', '_cat', 'a', 't', 's', 'ts', '_$']
  const tokenize = longestMatch(vocabulary, 6)
  const pieces = (text: string) => tokenize(text).map((id) => vocabulary[id])

  test('takes the longest piece from the left', () => {
    expect(pieces('cats')).toEqual(['_cat', 's'])
    expect(pieces('cts')).toEqual(['_c', 'ts'])
    expect(pieces('$$')).toEqual(['_$', '$'])
  })

  test('case and whatever is between words make no difference', () => {
    expect(pieces('  CAT, cat!')).toEqual(['_cat', '_cat'])
  })

  test('skips what matches nothing, one letter at a time at the beginning of a word', () => {
    expect(pieces('cxt')).toEqual(['_c', 't'])
    expect(pieces('xt')).toEqual(['t'])
  })

  test('cuts to the context’s length', () => {
    expect(tokenize('cat cat cat cat cat cat cat')).toHaveLength(6)
  })

  test('a text without any token is one token', () => {
    expect(tokenize('')).toEqual([1])
    expect(tokenize('日本')).toEqual([1])
  })

  test('agrees with the tokens that the model was trained with', async () => {
    const pocket = join(projectRoot, 'models', 'pocket')
    const tokenize = await openTokens(pocket, { tokens: 'longest-match', contextLength: 20 })
    const { examples } = JSON.parse(readFileSync(join(pocket, 'tokenizer.json'), 'utf8')) as {
      examples: { text: string; tokens: number[] }[]
    }
    expect(examples.length).toBeGreaterThan(3)
    for (const { text, tokens } of examples) {
      expect(tokenize(text)).toEqual(tokens.filter((token) => token !== 0))
    }
  })
})

describe('CLIP’s byte pairs', () => {
  const tokenizer = littleTokenizer()
  const names = Object.entries(tokenizer.model.vocab)
  const pieces = (text: string, contextLength = 77) =>
    clipBpe(tokenizer, contextLength)(text).map((id) => names.find((entry) => entry[1] === id)![0])

  test('merges as the table says, marking the ends of words, between start and end', () => {
    expect(pieces('a photo of a cat')).toEqual([
      '<|startoftext|>',
      'a</w>',
      'photo</w>',
      'o',
      'f</w>',
      'a</w>',
      'cat</w>',
      '<|endoftext|>',
    ])
    expect(pieces('catdog')).toEqual(['<|startoftext|>', 'ca', 't', 'dog</w>', '<|endoftext|>'])
  })

  test('case and blanks make no difference, and digits stand alone', () => {
    expect(pieces('  CAT\t 42 ')).toEqual(['<|startoftext|>', 'cat</w>', '4</w>', '2</w>', '<|endoftext|>'])
  })

  test('a text that is too long keeps its end-of-text token', () => {
    const cut = pieces('dog '.repeat(100), 10)
    expect(cut).toHaveLength(10)
    expect(cut.at(-1)).toBe('<|endoftext|>')
    expect(cut.at(-2)).toBe('dog</w>')
  })
})
