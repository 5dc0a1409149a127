// npm test: whatever set-up is missing, lint, types, then the tests; of those that take long the commit's part (tests/support/part.mjs).
// `npm test -- --all` runs everything, every notebook in every way. With it coverage is shown.
// Other arguments go to vitest: `npm test -- tests/nn` runs the tests of one folder.
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

    // Biome makes a folder for its logs, which would otherwise be in the home folder.
    const inProject = { XDG_CACHE_HOME: `${paths.state}/cache` };
    const lint = await tool('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.'], inProject);
    const typeErrors = await checkTypes(paths).then(
      () => undefined,
      (error) => explain(error),
    );
    if (typeErrors) console.error(typeErrors);
    const all = given.includes('--all');
    if (all) process.env.GRADLAB_ALL = '1';
    const { describePart, filesLeft, ours } = await import('../tests/support/part.mjs');
    // Whatever is committed meanwhile.
    process.env.GRADLAB_PART = `${ours.number + 1}/${ours.of}`;
    // Whoever names tests gets them.
    const whole = args.every((arg) => arg.startsWith('-'));
    if (whole) console.log(describePart());
    const coverage = whole && all ? ['--coverage'] : [];
    const left = { GRADLAB_LEFT: JSON.stringify(whole ? filesLeft() : []) };
    const tests = await tool('vitest/vitest.mjs', ['run', ...coverage, ...args], left);
    if (!lint.ok) console.error('✗ Lint found problems: see above the tests.\n  Try: `npm run format` corrects most');
    if (typeErrors) console.error('✗ There are errors of types: see above the tests');
    return lint.ok && !typeErrors && tests.ok ? 0 : 1;
  }),
);
