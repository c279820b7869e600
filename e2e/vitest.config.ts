import { defineConfig } from 'vitest/config';

/** Journeys in the real app, one at a time: they share a screen. `npm test` runs them in two halves, each on its own. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['e2e/**/*.e2e.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
    fileParallelism: false,
    retry: 0,
  },
});
