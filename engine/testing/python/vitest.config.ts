import { defineConfig } from 'vitest/config';

/** The same questions to Plumbline, pandas, polars and Feast. Skipped, and said so, where Python cannot be had. */
export default defineConfig({
  test: {
    root: new URL('../../..', import.meta.url).pathname,
    include: ['engine/**/*.interop.ts'],
    globalSetup: new URL('setup.ts', import.meta.url).pathname,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
  },
});
