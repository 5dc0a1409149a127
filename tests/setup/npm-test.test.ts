import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { paths as realPaths } from '../../kernel-setup/setup/paths.mjs';
import { run } from '../../kernel-setup/setup/run.mjs';
import { copyProject, type ProjectCopy } from '../support/project-copy';

// `npm test` in a copy of the project with two small tests.
let project: ProjectCopy;
const passing = `import { expect, test } from 'vitest';

test('adds', () => expect(1 + 1).toBe(2));
`;

beforeAll(async () => {
  project = copyProject();
  for (const name of ['biome.json', 'vitest.config.mts', '.gitignore']) {
    fs.copyFileSync(path.join(realPaths.root, name), path.join(project.root, name));
  }
  // The set-up of the library's tests would cover some of it.
  fs.mkdirSync(path.join(project.root, 'tests', 'support'), { recursive: true });
  for (const file of ['seed.ts', 'default-generator.ts', 'op-table.ts'])
    project.write(`tests/support/${file}`, 'export {};\n');
  for (const file of ['turns.mjs', 'changes.mjs', 'reached.mjs', 'choose.mjs', 'once-in-run.ts'].map((name) =>
    path.join('tests', 'support', name),
  ))
    fs.copyFileSync(path.join(realPaths.root, file), path.join(project.root, file));
  await project.setUp();
});

// Each attempt begins with only these two tests.
beforeEach(() => {
  for (const folder of ['small', 'site', 'kernel', 'browser']) {
    fs.rmSync(path.join(project.root, 'tests', folder), { recursive: true, force: true });
    fs.mkdirSync(path.join(project.root, 'tests', folder));
  }
  fs.rmSync(path.join(project.paths.state, 'tries'), { force: true });
  project.write('tests/small/one.test.ts', passing);
  project.write('tests/small/two.test.ts', passing.replace('adds', 'adds again'));
});

afterAll(() => project.remove());

async function npmTest(...args: string[]) {
  // Without this vitest's own variables, which the inner one would use, and without this run's choice of tests.
  const env = Object.fromEntries(
    Object.entries(project.context.env).filter(([name]) => !/^(VITEST|TEST$|CI$|GRADLAB_(ALL|PART)$)/.test(name)),
  );
  const script = path.join(project.root, 'scripts', 'test.mjs');
  return run(process.execPath, [script, ...args], { cwd: project.root, env: { ...env, NO_COLOR: '1' } });
}

test('runs the missing set-up and lint, says what it runs and why, and skips long tests', async () => {
  fs.rmSync(project.paths.dist, { recursive: true });
  const long = 'tests/site/pages.test.ts';
  project.write(long, passing);
  const { code, output } = await npmTest();
  const named = await npmTest(long);
  expect(code, output).toBe(0);
  expect(output).toMatch(/… Library: dist\/ is not there\n(.*\n)*✓ Library \(/);
  expect(output).toMatch(/Checked \d+ files.*No fixes applied/);
  const how = 'All: npm test -- --all. A folder: npm test -- tests/nn';
  expect(output).toContain(`Runs: the 2 short test files\nWhy: this is not a clone, so no change is known\n${how}\n`);
  expect(output).toMatch(/Tests {2}2 passed \(2\)/);
  expect(output).not.toMatch(/All files/);
  // A named test always runs.
  expect(named.output).toMatch(/Tests {2}1 passed \(1\)/);
  expect(named.output).not.toContain('Runs:');
});

test('runs what a change reaches, in a clone', async () => {
  const git = (...args: string[]) =>
    run('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.invalid', ...args], { cwd: project.root });
  await git('init', '-q', '-b', 'main');
  await git('add', '.');
  await git('commit', '-q', '-m', 'all');
  project.write('tests/small/two.test.ts', `${passing}\n// Changed.\n`);
  const changed = await npmTest();
  await git('checkout', '-q', '.');
  project.write('LICENSE', 'mine\n');
  const nothing = await npmTest();
  fs.rmSync(path.join(project.root, '.git'), { recursive: true });
  fs.rmSync(path.join(project.root, 'LICENSE'));
  expect(changed.output).toContain(
    'Runs: 1 of 2 test files\nWhy: reached by 1 file changed since the last commit: tests',
  );
  expect(changed.output).toMatch(/Tests {2}1 passed \(1\)/);
  expect([changed.code, nothing.code], nothing.output).toEqual([0, 0]);
  expect(nothing.output).toContain('Runs: 0 of 2 test files\n');
  expect(nothing.output).not.toMatch(/Tests {2}/);
});

test('shows the coverage of src/ with --all', async () => {
  const { code, output } = await npmTest('--all');
  expect(code, output).toBe(0);
  expect(output).toMatch(/Tests {2}2 passed \(2\)/);
  expect(output).toMatch(/All files +\| +0 \|/); // these tests cover nothing
  expect(output).toMatch(/index\.ts +\| +0 \|/);
});

test('passes arguments on: one file', async () => {
  const { code, output } = await npmTest('tests/small/two.test.ts');
  expect(code, output).toBe(0);
  expect(output).toMatch(/Tests {2}1 passed \(1\)/);
});

test('tells the tests whether every notebook must run in every way', async () => {
  const asks = `import { expect, test } from 'vitest';

test('asks', () => expect(process.env.GRADLAB_ALL).toBe('1'));
`;
  project.write('tests/small/two.test.ts', asks);
  const all = await npmTest('--all', 'tests/small/two.test.ts');
  const usual = await npmTest('tests/small/two.test.ts');
  expect([all.code, usual.code], all.output).toEqual([0, 1]);
});

test('retries a failed test of the whole system, and names those that passed only then', async () => {
  const file = 'tests/kernel/flaky.test.ts';
  const flaky = `import fs from 'node:fs';
import { expect, test } from 'vitest';

test('passes the second time', () => {
  fs.appendFileSync('.gradlab/tries', 'x');
  expect(fs.readFileSync('.gradlab/tries', 'utf8')).toBe('xx');
});
test('passes at once', () => expect(1).toBe(1));
`;
  project.write(file, flaky);
  const { code, output } = await npmTest(file);
  expect(code, output).toBe(0);
  expect(output).toMatch(/Passed only when run again.*\n {2}tests\/kernel\/flaky\.test\.ts > passes the second time\n/);
  expect(output).not.toMatch(/> passes at once/);
});

test('fails if a test fails', async () => {
  project.write('tests/small/two.test.ts', passing.replace('toBe(2)', 'toBe(3)'));
  const { code, output } = await npmTest();
  expect(output).toMatch(/Tests {2}1 failed \| 1 passed/);
  expect(code).toBe(1);
});

test('fails for type errors, after running the tests', async () => {
  const index = path.join(project.paths.sources, 'index.ts');
  const text = fs.readFileSync(index, 'utf8');
  project.write('src/index.ts', `${text}export const wrong: string = 1;\n`);
  const { code, output } = await npmTest('tests/small/two.test.ts');
  project.write('src/index.ts', text);
  expect(output).toMatch(/src\/index\.ts\(\d+,14\): error TS2322: .*\n✗ There are errors of types\n {2}Try: /);
  expect(output).toMatch(/Tests {2}1 passed/);
  expect(output).toMatch(/✗ There are errors of types: see above the tests\n/);
  expect(code).toBe(1);
});

test('fails for lint errors, after running the tests', async () => {
  project.write('tests/small/two.test.ts', passing.replaceAll("'", '"'));
  const { code, output } = await npmTest();
  expect(output).toMatch(/tests\/small\/two\.test\.ts format/);
  expect(output).toMatch(/Tests {2}2 passed/);
  expect(output).toMatch(/✗ Lint found problems: see above the tests\.\n {2}Try: `npm run format`/);
  expect(code).toBe(1);
});
