import { defineConfig } from 'vitest/config'

const typescript = ['**/*.test.ts', '**/*.test.tsx']
const realServers = ['**/*.kafka.test.ts', '**/*.redis.test.ts']
const wholePath = ['proof/**/*.test.ts']
const notOurs = ['**/dist/**', '**/node_modules/**', '.cache/**', '.sightline/**']

// Tests run on the sources ("source" condition), with no build in between. Conditions of `ssr` reach Node itself: "import"
// or "module" there would hand ES modules to CommonJS packages that require() them (Express does).
const sources = {
  resolve: { conditions: ['source', 'import', 'module', 'default'] },
  ssr: { resolve: { conditions: ['source', 'node'] } },
}

// Where nobody can press the key again, a test that a noisy machine upset is run once more; one that is wrong fails
// twice.
const retry = process.env.CI ? 1 : 0

// Three projects, one after another (groupOrder; 0 would mean "last"), so that two cores suffice and
// measured times mean something.
export default defineConfig({
  test: {
    projects: [
      {
        // Plain functions, and engines that need no server. In parallel.
        ...sources,
        test: {
          retry,
          name: 'unit',
          include: typescript,
          exclude: [...notOurs, ...realServers, ...wholePath],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // What only a real Kafka or Redis can show. The servers start once for the whole run.
        ...sources,
        test: {
          retry,
          name: 'engines',
          include: realServers,
          exclude: [...notOurs, ...wholePath],
          globalSetup: ['toolchain/test-servers.setup.mjs'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        // Whole processes, kills, browsers: one file at a time.
        ...sources,
        test: {
          retry,
          name: 'path',
          include: wholePath,
          exclude: notOurs,
          globalSetup: ['toolchain/test-servers.setup.mjs'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
})
