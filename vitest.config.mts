import { defineConfig } from 'vitest/config';

/** Tests that start kernels, JupyterLab or a browser. They need `npm test`'s set-up and minutes rather than seconds. */
const system = ['tests/{setup,kernel,notebooks,browser}/**/*.test.ts'];

const seed = 'tests/support/seed.ts';

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'library',
          include: ['tests/**/*.test.ts'],
          exclude: system,
          // To load the library anew for every file takes longer than most files' tests.
          isolate: false,
          setupFiles: [seed, 'tests/support/op-table.ts'],
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: system,
          setupFiles: [seed],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          expect: { poll: { timeout: 60_000 } },
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      // Every file with its uncovered lines, but those that are covered completely only in the totals.
      reporter: [['text', { skipFull: true }], 'html'],
      reportsDirectory: 'coverage',
    },
  },
});
