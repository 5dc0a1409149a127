// npm test: missing set-up, lint, types, then tests. At home those that the change can reach
// (tests/support/reached.mjs); with `CI` all short ones, and a commit's share of the long ones
// (tests/support/turns.mjs). `npm test -- --all` runs everything, every notebook in every way, with coverage. Other
// arguments go to vitest: `npm test -- tests/nn` runs the tests of one folder.
import '../kernel-setup/setup/node-version.mjs';

import('../kernel-setup/setup/index.mjs').then(({ checkTypes, explain, paths, runMain, runVisibly, setUp }) =>
  runMain(async (given) => {
    const args = given.filter((arg) => arg !== '--all');
    await setUp();
    const tool = (script, toolArgs, env) =>
      runVisibly(process.execPath, [`${paths.nodeModules}/${script}`, ...toolArgs], {
        cwd: paths.root,
        env: { ...process.env, ...env },
      });

    // Biome creates a folder for its logs, by default in the home folder.
    const inProject = { XDG_CACHE_HOME: `${paths.state}/cache` };
    const lint = await tool('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.'], inProject);
    const typeErrors = await checkTypes(paths).then(
      () => undefined,
      (error) => explain(error),
    );
    if (typeErrors) console.error(typeErrors);
    const all = given.includes('--all');
    if (all) process.env.GRADLAB_ALL = '1';
    const { choose } = await import('../tests/support/choose.mjs');
    const named = args.some((arg) => !arg.startsWith('-'));
    const { lines, left, nothing, env } = choose(named);
    console.log(lines.join('\n'));
    const coverage = all && !named ? ['--coverage'] : [];
    const tests = nothing
      ? { ok: true }
      : await tool('vitest/vitest.mjs', ['run', ...coverage, ...args], { ...env, GRADLAB_LEFT: JSON.stringify(left) });
    if (!lint.ok) console.error('✗ Lint found problems: see above the tests.\n  Try: `npm run format` corrects most');
    if (typeErrors) console.error('✗ There are errors of types: see above the tests');
    return lint.ok && !typeErrors && tests.ok ? 0 : 1;
  }),
);
