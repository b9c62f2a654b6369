import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Real models, servers and browsers: slower than the default five seconds on two cores.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
    // Tests that mostly wait for a real clock.
    maxConcurrency: 6,
  },
})
