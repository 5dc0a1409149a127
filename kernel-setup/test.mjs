// npm test: whatever set-up is missing, lint, then all tests with coverage. Arguments go to vitest:
// `npm test -- tests/nn` runs the tests of one folder, without coverage; `npm test -- --all` runs every notebook in every way.
import './setup/node-version.mjs';

import('./setup/index.mjs').then(({ paths, runMain, runVisibly, setUp }) =>
  runMain(async (given) => {
    const args = given.filter((arg) => arg !== '--all');
    await setUp();
    const tool = (script, toolArgs, env = {}) =>
      runVisibly(process.execPath, [`${paths.nodeModules}/${script}`, ...toolArgs], {
        cwd: paths.root,
        env: { ...process.env, ...env },
      });

    // Biome makes a folder for its logs, which would otherwise be in the home folder.
    const inProject = { XDG_CACHE_HOME: `${paths.state}/cache` };
    const lint = await tool('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.'], inProject);
    const all = args.every((arg) => arg.startsWith('-'));
    const tests = await tool('vitest/vitest.mjs', ['run', ...(all ? ['--coverage'] : []), ...args], {
      ...(given.includes('--all') && { GRADLAB_ALL: '1' }), // tests/support/part.ts
    });
    if (!lint.ok) console.error('✗ Lint found problems: see above the tests.\n  Try: `npm run format` corrects most');
    return lint.ok && tests.ok ? 0 : 1;
  }),
);
