import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const sources = (readdirSync('test', { recursive: true }) as string[])
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path: join('test', path), text: readFileSync(join('test', path), 'utf8') }))

/** What tries a part only in `npm test`: by test/examples.ts, by a helper that looks at it, or by fast-check. */
const sparing = ['fast-check', 'examples.ts']
const isSparing = ({ text }: { readonly text: string }): boolean =>
  sparing.some((name) => text.includes(`${name}'`))
for (const _ of ['helpers', 'helpers of helpers'])
  sparing.push(
    ...sources
      .filter(({ path }) => !path.endsWith('.test.ts'))
      .filter(isSparing)
      .map(({ path }) => basename(path)),
  )
const longer = sources
  .filter(({ path }) => path.endsWith('.test.ts'))
  .filter(isSparing)
  .map(({ path }) => path)

/** What takes longest begins first, so that the workers end together; in this order, then as vitest remembers. */
const longest = [
  'endurance/webgpu.test',
  'endurance/crash',
  'endurance/spotlight',
  'slack/render',
  'pictures/ink',
  'commands/crash',
  'commands/fool',
  'jobs/in-process',
  'playground/sketch',
  'playground/page',
  'packs/gallery',
  'spotlight/spotlight',
  'packs/commands',
  'terminal/tool',
  'jobs/queue',
]

const rank = ({ moduleId }: TestSpecification): number => {
  const place = longest.findIndex((part) => moduleId.includes(part))
  return place < 0 ? longest.length : place
}

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}

export default defineConfig({
  test: {
    globalSetup: 'test/compiled.ts',
    setupFiles: 'test/examples.ts',
    // The labels' embeddings are kept there, from process to process.
    env: { XDG_CACHE_HOME: resolve('node_modules/.cache') },
    pool: 'forks',
    // One more than the two cores that this is made for: some tests wait for a process to end, or for a page.
    maxWorkers: 3,
    // A file leaves nothing behind in its process: then the next one need not load everything anew.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // Only for what hangs: no test is about how fast the machine is.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    expect: { poll: { timeout: 600_000, interval: 20 } },
    projects: [
      // Whether the project works: `npm test`.
      {
        extends: true,
        test: { name: 'quick', include: ['test/**/*.test.ts'], exclude: ['test/endurance/**'] },
      },
      // The same at length, with real clocks and random moments: `npm run test:endurance`.
      {
        extends: true,
        test: {
          name: 'endurance',
          include: ['test/endurance/**/*.test.ts', ...longer],
          env: { EXAMPLES: process.env['EXAMPLES'] ?? '8' },
          // Tests that mostly wait for a real clock.
          maxConcurrency: 6,
        },
      },
    ],
  },
})
