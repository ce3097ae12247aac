import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globals: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
    // Deadlines of system tests meet noisy machines there; the reporter marks what was tried again.
    retry: process.env['CI'] ? 1 : 0,
  },
});
