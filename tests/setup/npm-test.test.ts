import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { paths as realPaths } from '../../kernel-setup/setup/paths.mjs';
import { run } from '../../kernel-setup/setup/run.mjs';
import { copyProject, type ProjectCopy } from '../support/project-copy';

// `npm test` in a copy of the project with two small tests of its own.
let project: ProjectCopy;
const passing = `import { expect, test } from 'vitest';

test('adds', () => expect(1 + 1).toBe(2));
`;

beforeAll(async () => {
  project = copyProject();
  for (const name of ['biome.json', 'vitest.config.mts', '.gitignore']) {
    fs.copyFileSync(path.join(realPaths.root, name), path.join(project.root, name));
  }
  fs.mkdirSync(path.join(project.root, 'tests', 'small'), { recursive: true });
  // What prepares the library's own tests would cover some of it.
  fs.mkdirSync(path.join(project.root, 'tests', 'support'), { recursive: true });
  for (const file of ['seed.ts', 'op-table.ts']) project.write(`tests/support/${file}`, 'export {};\n');
  project.write('tests/small/one.test.ts', passing);
  project.write('tests/small/two.test.ts', passing.replace('adds', 'adds again'));
  await project.setUp();
});

afterAll(() => project.remove());

async function npmTest(...args: string[]) {
  // Without this vitest's own variables, which the inner one would take for its own.
  const env = Object.fromEntries(Object.entries(project.context.env).filter(([name]) => !/^(VITEST|TEST$)/.test(name)));
  const script = path.join(project.root, 'kernel-setup', 'test.mjs');
  return run(process.execPath, [script, ...args], { cwd: project.root, env: { ...env, NO_COLOR: '1' } });
}

test('does the missing set-up, lints, runs all tests and shows the coverage of src/', async () => {
  fs.rmSync(project.paths.dist, { recursive: true });
  const { code, output } = await npmTest();
  expect(code, output).toBe(0);
  expect(output).toMatch(/… Library: dist\/ is not there\n✓ Library/);
  expect(output).toMatch(/Checked \d+ files.*No fixes applied/);
  expect(output).toMatch(/Tests {2}2 passed \(2\)/);
  expect(output).toMatch(/All files +\| +0 \|/); // these tests cover nothing
  expect(output).toMatch(/index\.ts +\| +0 \|/);
});

test('passes arguments on: one file, without coverage', async () => {
  const { code, output } = await npmTest('tests/small/two.test.ts');
  expect(code, output).toBe(0);
  expect(output).toMatch(/Tests {2}1 passed \(1\)/);
  expect(output).not.toMatch(/All files/);
});

test('tells the tests whether every notebook is to run in every way', async () => {
  const asks = `import { expect, test } from 'vitest';

test('asks', () => expect(process.env.GRADLAB_ALL).toBe('1'));
`;
  project.write('tests/small/two.test.ts', asks);
  const all = await npmTest('--all', 'tests/small/two.test.ts');
  const usual = await npmTest('tests/small/two.test.ts');
  project.write('tests/small/two.test.ts', passing);
  expect([all.code, usual.code], all.output).toEqual([0, 1]);
});

test('runs a test of the whole system again when it fails, and names those that passed only then', async () => {
  const file = 'tests/kernel/flaky.test.ts';
  fs.mkdirSync(path.join(project.root, 'tests', 'kernel'));
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
  fs.rmSync(path.join(project.root, file));
  expect(code, output).toBe(0);
  expect(output).toMatch(/Passed only when run again.*\n {2}tests\/kernel\/flaky\.test\.ts > passes the second time\n/);
  expect(output).not.toMatch(/> passes at once/);
});

test('fails when a test fails', async () => {
  project.write('tests/small/two.test.ts', passing.replace('toBe(2)', 'toBe(3)'));
  const { code, output } = await npmTest();
  project.write('tests/small/two.test.ts', passing);
  expect(output).toMatch(/Tests {2}1 failed \| 1 passed/);
  expect(code).toBe(1);
});

test('fails when lint does, after running the tests', async () => {
  project.write('tests/small/two.test.ts', passing.replaceAll("'", '"'));
  const { code, output } = await npmTest();
  project.write('tests/small/two.test.ts', passing);
  expect(output).toMatch(/tests\/small\/two\.test\.ts format/);
  expect(output).toMatch(/Tests {2}2 passed/);
  expect(output).toMatch(/✗ Lint found problems: see above the tests\.\n {2}Try: `npm run format`/);
  expect(code).toBe(1);
});
