import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
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
          include: [
            'test/endurance/**/*.test.ts',
            'test/pictures/ink.test.ts',
            'test/platforms/slack/render.test.ts',
          ],
          env: { EXAMPLES: '8' },
          // Tests that mostly wait for a real clock.
          maxConcurrency: 6,
        },
      },
    ],
  },
})
