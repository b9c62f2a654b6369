import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { clipBpe } from '../../src/clip/tokens.ts'
import { tokenizerOf } from '../../src/packs/tokenizer.ts'

/** Texts with their ids, without start and end: test/packs/peer/tokens.py wrote them with open_clip's tokenizer. */
const reference = JSON.parse(
  gunzipSync(readFileSync(join(import.meta.dirname, 'reference-tokens.json.gz'))).toString('utf8'),
) as [text: string, ids: number[]][]

test('1,000 strings in many scripts have the tokens that open_clip gives them', async () => {
  const tokenize = clipBpe(JSON.parse(await tokenizerOf(undefined)) as object, 1000)
  expect(reference).toHaveLength(1000)
  const wrong = reference.filter(([text, ids]) => tokenize(text).join() !== [49406, ...ids, 49407].join())
  expect(wrong).toEqual([])
})
