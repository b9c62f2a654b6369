import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openPackModels } from '../../src/clip/pack.ts'
import { compare } from '../../src/packs/convert/compare.ts'
import { projectRoot } from '../../src/root.ts'
import { littleTokenizer } from '../clip/little-pack.ts'
import { atLength } from '../examples.ts'
import { encodedWith } from './converted.ts'
import { exported } from './exports.ts'
import { LoopbackHub } from './hub.ts'

/** `neuron-games models pull` as a person starts it, in a process that can be killed. */
const tool = join(projectRoot, 'bin', 'neuron-games.js')
const repo = 'immich-app/RN50x4__openai'

const hub = new LoopbackHub()
let endpoint: string
let models: string
beforeAll(async () => {
  endpoint = await hub.start()
  const home = exported('small-resnet', 'A1').folder
  const names = ['visual/model.onnx', 'textual/model.onnx', 'visual/preprocess_cfg.json']
  hub.add(repo, 'main', {
    ...Object.fromEntries(names.map((name) => [name, readFileSync(join(home, name))])),
    'textual/tokenizer.json': Buffer.from(JSON.stringify(littleTokenizer())),
  })
})
afterAll(() => hub.stop())
beforeEach(() => {
  models = mkdtempSync(join(tmpdir(), 'neuron-games-pull-process-'))
  hub.behaviour = {}
  hub.ranges.length = 0
})
afterEach(() => rmSync(models, { recursive: true }))

/** @param prefix of the command line, for example one that gives the process a disk of its own */
function pull({ prefix = [], flags = [] }: { prefix?: readonly string[]; flags?: readonly string[] } = {}) {
  const command = [...prefix, process.execPath, tool, 'models', 'pull', 'rn50x4', '--no-check', ...flags]
  const child = spawn(command[0]!, command.slice(1), {
    env: { ...process.env, MODELS_FOLDER: models, HF_ENDPOINT: endpoint },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  return { child, ended: once(child, 'close').then(([code]) => ({ code: code as number | null, said })) }
}

/** The one line in which it said what went wrong, after what it was doing. */
const lastLine = (said: string): string => said.trimEnd().split('\n').at(-1)!

const partOf = (folder: string): string | undefined =>
  (readdirSync(folder, { recursive: true }) as string[]).find((path) => path.endsWith('.part'))

describe('a pull in a process of its own', () => {
  test('that is killed outright carries on at the same byte, at once', async () => {
    hub.behaviour = { stallAfter: 100_000 }
    const stalled = new Promise((resolve) => (hub.onStall = resolve))
    const first = pull()
    await Promise.race([stalled, first.ended])
    const written = () => {
      const part = partOf(models)
      return part ? statSync(join(models, part)).size : 0
    }
    await expect.poll(written).toBe(100_000)
    first.child.kill('SIGKILL')
    expect((await first.ended).code).toBeNull()
    expect(existsSync(join(models, 'rn50x4'))).toBe(false)

    hub.behaviour = {}
    hub.ranges.length = 0
    const { code, said } = await pull().ended
    expect(said).toContain('rn50x4 is here.')
    expect(code).toBe(0)
    expect(hub.ranges).toContain('bytes=100000-')
    await openPackModels(join(models, 'rn50x4'))
    expect(readdirSync(models)).toEqual(['rn50x4'])
  })

  test('that is interrupted says so in one sentence and leaves no half pack', async () => {
    hub.behaviour = { stallAfter: 100_000 }
    const stalled = new Promise((resolve) => (hub.onStall = resolve))
    const { child, ended } = pull()
    await Promise.race([stalled, ended])
    child.kill('SIGINT')
    const { code, said } = await ended
    expect(lastLine(said)).toBe('This was cancelled before it was finished.')
    expect(said).not.toContain('    at ')
    expect(code).toBe(2)
    expect(existsSync(join(models, 'rn50x4'))).toBe(false)
  })

  test.runIf(atLength)(
    'with --precision fp16 keeps 16-bit weights, and computes what PyTorch does, to 16 bits',
    async () => {
      const { code, said } = await pull({ flags: ['--precision', 'fp16'] }).ended
      expect(said).toContain('rn50x4 is here.')
      expect(code).toBe(0)
      const pack = await openPackModels(join(models, 'rn50x4'))
      expect(pack.facts.architecture).toContain('weights kept as float16')
      const home = exported('small-resnet', 'A1')
      const { activations, embeddings } = await encodedWith(pack, home)
      const off = compare(activations, home.expected('activations'))
      expect(off).toBeGreaterThan(0)
      expect(off).toBeLessThan(5e-3)
      expect(compare(embeddings, home.expected('embedding'))).toBeLessThan(5e-3)
    },
  )

  const mount = (folder: string) =>
    spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder])
  test.skipIf(mount(tmpdir()).status !== 0)(
    'on a disk that fills up says so in one sentence, and leaves no half pack (needs unshare)',
    async () => {
      // Free when it begins, full when it writes: a large file turns up in between.
      const script = `mount -t tmpfs -o size=3m tmpfs "$MODELS_FOLDER"
"$@" & pull=$!
while ! [ -e "$MODELS_FOLDER/.rn50x4/export" ]; do sleep 0.05; done
head -c 4000000 /dev/zero > "$MODELS_FOLDER/.filler" 2>/dev/null
wait $pull; code=$?
ls -A "$MODELS_FOLDER"; exit $code`
      hub.behaviour = { slowly: true }
      const { code, said } = await pull({ prefix: ['unshare', '-rm', 'bash', '-c', script, 'filling'] }).ended
      expect(said).toMatch(/The disk is full.*Make room, or set MODELS_FOLDER, and (pull|try) again/)
      expect(said.trimEnd().split('\n')).not.toContain('rn50x4')
      expect(code).toBe(2)
    },
  )

  /** It waits longer between tries each time; test/packs/pull.test.ts tests the sentence without the waits. */
  test.skipIf(!atLength)(
    'from a server that answers with nothing but errors says so in one sentence',
    async () => {
      hub.behaviour = { failing: true }
      const { code, said } = await pull().ended
      expect(lastLine(said)).toMatch(/could not be downloaded: the server answers 500\. Try again later/)
      expect(code).toBe(2)
    },
  )
})
