/**
 * Takes whole CLIPs through everything that a pull does, with random weights: exports open_clip's architectures in the
 * shapes of the public exports, serves them as the hub does, pulls them with the tool, and compares the pack with
 * PyTorch. Needs a Python with open_clip and the ONNX exporter, and some gigabytes of disk:
 *   PYTHON=venv/bin/python npx tsx scripts/try-full-sizes.ts rn50:A1 vit-b-32:B
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { pullables } from '../src/packs/pull/sources.ts'
import { tokenizerOf } from '../src/packs/tokenizer.ts'
import { projectRoot } from '../src/root.ts'
import { LoopbackHub } from '../test/packs/hub.ts'

const architectures: Readonly<Record<string, string>> = {
  rn50: 'RN50',
  rn101: 'RN101',
  rn50x4: 'RN50x4',
  rn50x16: 'RN50x16',
  rn50x64: 'RN50x64',
  'vit-b-32': 'ViT-B-32',
}
/** Other exports keep both models in one folder. */
const immichPath = (path: string): string =>
  path.includes('/')
    ? path
    : path.replace(/^vis(ual|ion)\./, 'visual/model.').replace(/^text(ual)?\./, 'textual/model.')

const python = process.env['PYTHON'] ?? 'python3'
/** How often we look at a process's memory. */
const lookEveryMs = 100

for (const wanted of process.argv.slice(2)) {
  const [name = '', shape = 'A1'] = wanted.split(':')
  const what = pullables.find(({ id }) => id === name)
  if (!what || !architectures[name]) throw new Error(`there is no ${name}`)
  const work = await mkdtemp(join(tmpdir(), 'neuron-games-full-size-'))
  const hub = new LoopbackHub()
  try {
    const home = join(work, 'export')
    const exporter = join(projectRoot, 'test', 'packs', 'peer', 'export.py')
    const exported = await timed(python, [exporter, home, architectures[name], shape])
    // Under the first source's name, whatever the shape: the conversion finds out by itself what it is.
    const [source] = what.sources
    hub.add(source!.repo, source!.revision, await filesOf(home))
    const environment = {
      HF_ENDPOINT: await hub.start(),
      MODELS_FOLDER: join(work, 'models'),
    }
    const tool = join(projectRoot, 'bin', 'neuron-games.js')
    const pulled = await timed(process.execPath, [tool, 'models', 'pull', name, '--no-check'], environment)
    const compare = join(import.meta.dirname, 'try-full-sizes', 'compare.ts')
    const folders = [join(work, 'models', name), join(home, 'expected')]
    const compared = await timed(process.execPath, ['--import', 'tsx', compare, ...folders])
    console.log(`${name}, exported as ${shape} in ${exported.seconds} s`)
    console.log(`  pull and conversion  ${pulled.seconds} s, at most ${pulled.megabytes} MB`)
    console.log(compared.output.trimEnd().replace(/^/gm, '  '))
    console.log(`  that process had at most ${compared.megabytes} MB`)
  } finally {
    await hub.stop()
    await rm(work, { recursive: true })
  }
}

async function filesOf(home: string): Promise<Record<string, Buffer>> {
  const entries = await readdir(home, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
  const files: Record<string, Buffer> = {
    'textual/tokenizer.json': Buffer.from(await tokenizerOf(undefined)),
  }
  for (const path of paths) {
    const [folder] = relative(home, path).split('/')
    if (folder !== 'expected') files[immichPath(relative(home, path))] = await readFile(path)
  }
  return files
}

async function timed(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const start = performance.now()
  const child = spawn(command, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [output, errors, peak] = ['', '', 0]
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const looking = setInterval(() => {
    readFile(`/proc/${child.pid}/status`, 'utf8').then(
      (status) => (peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? peak)),
      () => {},
    )
  }, lookEveryMs)
  const [code] = await once(child, 'close')
  clearInterval(looking)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${output}${errors}`)
  return {
    seconds: Math.round((performance.now() - start) / 1000),
    megabytes: Math.round(peak / 1000),
    output,
  }
}
