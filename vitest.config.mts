import { availableParallelism } from 'node:os';
import { parseSync } from 'rolldown/utils';
import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type Reporter, type TestModule, type TestSpecification } from 'vitest/node';
import { guards } from './kernel-setup/setup/generate/guard.mjs';
import { generateSources } from './kernel-setup/setup/generate/index.mjs';
import { buildPage } from './kernel-setup/setup/page.mjs';
import { paths } from './kernel-setup/setup/paths.mjs';
import { system as systemFiles } from './tests/support/reached.mjs';

/** Tests that start kernels, JupyterLab or a browser. They need `npm test`'s set-up and minutes rather than seconds. */
const system = systemFiles.map((name) => (name.endsWith('/') ? `${name}**/*.test.ts` : name));

/** The files that run a turn's notebooks take longest. */
const longestFiles = ['notebooks/executed', 'browser/notebooks', 'kernel-in-page/notebooks'].map(
  (name) => `tests/${name}.test.ts`,
);

/** Names, last of all, the tests that failed at first and passed when they were run again. */
const secondTries: Reporter = {
  onTestRunEnd(modules: readonly TestModule[]) {
    const tests = modules.flatMap((module) =>
      [...module.children.allTests('passed')].map((test) => ({ module, test })),
    );
    const again = tests.filter(({ test }) => test.diagnostic()?.flaky);
    if (again.length === 0) return;
    console.log('\nPassed only when run again, so that something waits for chance: find out what, and mend it');
    for (const { module, test } of again) {
      console.log(`  ${module.relativeModuleId} > ${test.fullName}`);
      for (const { message } of test.result().errors ?? []) console.log(`    ${message}`);
    }
  },
};

/** What takes longest begins first: in a new clone vitest knows of no file how long it takes, and would end with one alone. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const place = ({ moduleId }: TestSpecification) => {
      const found = longestFiles.findIndex((file) => moduleId.endsWith(`/${file}`));
      return found < 0 ? longestFiles.length : found;
    };
    return sorted.sort((a, b) => place(a) - place(b));
  }
}

/** What `npm test` leaves out; nothing where tests are named. Not for runs of vitest within tests. */
const left: string[] = JSON.parse(process.env.GRADLAB_LEFT ?? '[]');
delete process.env.GRADLAB_LEFT;

// Tests read src/ as it is, without a build.
await generateSources(paths);
await buildPage(paths);

const seed = 'tests/support/seed.ts';

export default defineConfig({
  plugins: [guards(paths, parseSync)],
  test: {
    reporters: ['default', secondTries],
    sequence: { sequencer: LongestFirst },
    // A machine may be busy; speed is measured elsewhere.
    testTimeout: 300_000,
    expect: { poll: { timeout: 200_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'library',
          include: ['tests/**/*.test.ts'],
          exclude: [...system, ...left],
          // To load the library anew for every file takes longer than most files' tests.
          isolate: false,
          // Vitest would leave a processor to itself, of two the second.
          maxWorkers: availableParallelism(),
          setupFiles: [seed, 'tests/support/default-generator.ts', 'tests/support/op-table.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: system,
          exclude: [...configDefaults.exclude, ...left],
          setupFiles: [seed],
          globalSetup: 'tests/support/once-in-run.ts',
          testTimeout: 900_000,
          hookTimeout: 900_000,
          // They wait for kernels, servers and browsers as long as they compute: two leave a third of two processors.
          maxWorkers: 3,
          // What depends on a whole machine, a browser and sockets; the reporter names what needed it.
          retry: 1,
          maxConcurrency: availableParallelism(),
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
