import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildIfStale, whyStale } from '../../kernel-setup/setup/build.mjs';
import { paths as realPaths, SetUpError } from '../../kernel-setup/setup/index.mjs';
import { projectPaths } from '../../kernel-setup/setup/paths.mjs';
import { isAlive } from '../support/processes';
import { scratchFolder } from '../support/project-copy';

let paths: ReturnType<typeof projectPaths>;
const source = (text: string, name = 'index.ts') => fs.writeFileSync(path.join(paths.sources, name), text);
const built = (name = 'index.js') => fs.readFileSync(path.join(paths.dist, name), 'utf8');
const inode = () => fs.statSync(paths.dist).ino;

/** A module of the set-up, for the text of a program. */
const moduleOf = (name: string) => JSON.stringify(path.join(realPaths.root, 'kernel-setup', 'setup', name));

/** The files in dist/; undefined in the instant between two renames, or if dist/ was exchanged while it was read. */
function listing(): string | undefined {
  const folder = () => fs.statSync(paths.dist, { throwIfNoEntry: false })?.ino;
  const before = folder();
  try {
    const names = fs.readdirSync(paths.dist).sort().join(' ');
    return folder() === before ? names : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

beforeEach(() => {
  paths = projectPaths(scratchFolder());
  fs.mkdirSync(paths.sources);
  fs.mkdirSync(paths.nodeModules);
  fs.mkdirSync(path.join(paths.nodeModules, '@types'));
  for (const name of ['typescript', 'rolldown', '@types/node', 'undici-types']) {
    fs.symlinkSync(path.join(realPaths.nodeModules, name), path.join(paths.nodeModules, name), 'junction');
  }
  fs.copyFileSync(realPaths.tsconfig, paths.tsconfig);
  fs.cpSync(realPaths.bundler, paths.bundler);
  source('export const answer = 42;\n');
});

afterEach(() => fs.rmSync(paths.root, { recursive: true, force: true }));

test('builds once, and again after each kind of change', async () => {
  expect(whyStale(paths)).toBe('dist/ is not there');
  await buildIfStale(paths);
  expect(whyStale(paths)).toBeUndefined();
  expect(built()).toMatch(/const \w+ = 42/);
  expect(built('index.d.ts')).toContain('answer = 42');
  const first = inode();
  await buildIfStale(paths);
  expect(inode()).toBe(first);

  source('export const answer = 43;\n'); // as long as before
  expect(whyStale(paths)).toBe('src/ changed');
  source('export const answer = 42;\n');
  expect(whyStale(paths)).toBeUndefined();

  source('export const more = 1;\n', 'more.ts');
  source('export const inside = 2;\n', 'inside.ts');
  source('import { inside } from "./inside";\nexport { more } from "./more";\nexport const answer = 21 * inside;\n');
  expect(whyStale(paths)).toBe('src/ changed');
  await buildIfStale(paths);
  expect(built('more.d.ts')).toContain('more = 1');
  expect(fs.existsSync(path.join(paths.dist, 'inside.d.ts'))).toBe(false); // no declaration needs it

  for (const name of ['more.ts', 'inside.ts']) fs.rmSync(path.join(paths.sources, name));
  source('export const answer = 43;\n');
  expect(whyStale(paths)).toBe('src/ changed');
  await buildIfStale(paths);
  expect(built()).toMatch(/const \w+ = 43/);
  expect(fs.existsSync(path.join(paths.dist, 'more.d.ts'))).toBe(false);

  fs.appendFileSync(paths.tsconfig, '\n');
  expect(whyStale(paths)).toBe('src/ changed');
});

test('a built file that was emptied or lost is built anew', async () => {
  await buildIfStale(paths);
  for (const damage of [
    () => fs.writeFileSync(path.join(paths.dist, 'index.js'), ''),
    () => fs.rmSync(path.join(paths.dist, 'index.d.ts')),
  ]) {
    damage();
    expect(whyStale(paths)).toMatch(/^dist\/ is not/);
    await buildIfStale(paths);
    expect(whyStale(paths)).toBeUndefined();
    expect(built()).toMatch(/const \w+ = 42/);
    expect(built('index.d.ts')).toContain('answer = 42');
  }
});

test('an edit is noticed by its time, once the last one is old enough to have another', async () => {
  const timesFile = path.join(paths.state, 'library.times');
  const file = path.join(paths.sources, 'index.ts');
  await buildIfStale(paths);
  fs.rmSync(timesFile, { force: true });
  const now = Date.now() / 1000 + 3600; // however long this test takes
  fs.utimesSync(file, now, now);
  await buildIfStale(paths);
  expect(fs.existsSync(timesFile)).toBe(false); // an edit in the same instant would go unseen

  const made = ['index.js', '.source-stamp'].map((name) => path.join(paths.dist, name));
  for (const name of [file, ...made, paths.tsconfig, paths.bundler]) fs.utimesSync(name, 1e9, 1e9);
  await buildIfStale(paths);
  expect(fs.readFileSync(timesFile, 'utf8')).toContain(`${path.join('src', 'index.ts')} 1000000000000`);
  source('export const answer = 43;\n');
  await buildIfStale(paths);
  expect(built()).toMatch(/const \w+ = 43/);
});

test('a source that does not compile leaves the last build alone and is named', async () => {
  await buildIfStale(paths);
  source('export const answer: string = 42;\n');
  const error = await buildIfStale(paths).then(
    () => undefined,
    (reason: SetUpError) => reason,
  );
  expect(error).toBeInstanceOf(SetUpError);
  expect(error?.message).toBe('The library does not compile');
  expect(error?.details).toMatch(/^src\/index\.ts\(1,14\): error TS2322/);
  expect(built()).toMatch(/const \w+ = 42/);
  expect(whyStale(paths)).toBe('src/ changed');
  expect(fs.readdirSync(paths.root).filter((name) => name.startsWith('.dist'))).toEqual([]);
});

test('a compiler that is not whole is not blamed on the sources', async () => {
  const compiler = path.join(paths.nodeModules, 'typescript');
  fs.rmSync(compiler);
  fs.mkdirSync(path.join(compiler, 'bin'), { recursive: true });
  fs.writeFileSync(path.join(compiler, 'bin', 'tsc'), "require('../lib/tsc.js');\n");
  await expect(buildIfStale(paths)).rejects.toMatchObject({
    message: 'the TypeScript compiler does not run',
    details: expect.stringContaining('Cannot find module'),
    remedy: expect.stringContaining('delete the folder node_modules'),
  });
  expect(whyStale(paths)).toBe('dist/ is not there');
});

test('the compiler ends with a process that is killed, busy as it is', async () => {
  const compiler = path.join(paths.nodeModules, 'typescript');
  const pidFile = path.join(paths.root, 'pid');
  fs.rmSync(compiler);
  fs.mkdirSync(path.join(compiler, 'bin'), { recursive: true });
  fs.writeFileSync(path.join(compiler, 'package.json'), '{ "version": "5.9.3" }');
  fs.writeFileSync(
    path.join(compiler, 'bin', 'tsc'),
    `require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); for (;;);`,
  );
  const script = `import { buildIfStale } from ${moduleOf('build.mjs')}; import { projectPaths } from ${moduleOf('paths.mjs')};
    await buildIfStale(projectPaths(${JSON.stringify(paths.root)}));`;
  const builder = spawn(process.execPath, ['--input-type=module', '-e', script]);
  await expect.poll(() => fs.existsSync(pidFile) && fs.readFileSync(pidFile, 'utf8')).toMatch(/\d/);
  const pid = Number(fs.readFileSync(pidFile, 'utf8'));
  builder.kill('SIGKILL');
  await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
});

test('source maps lead back to src/', async () => {
  await buildIfStale(paths);
  expect(JSON.parse(built('index.js.map')).sources).toEqual(['../src/index.ts']);
});

test('of three processes at once one builds, and all find the build; dist/ is never half a build', async () => {
  source('export const answer = 1;\n');
  source("export { answer } from './index';\n", 'second.ts');
  await buildIfStale(paths);
  source('export const answer = 2;\n');
  const script = `import { buildIfStale } from ${moduleOf('build.mjs')};
    import { projectPaths } from ${moduleOf('paths.mjs')};
    import fs from 'node:fs';
    const paths = projectPaths(${JSON.stringify(paths.root)});
    await buildIfStale(paths);
    console.log(fs.statSync(paths.dist).ino, fs.readFileSync(paths.dist + '/index.js', 'utf8').includes('= 2;'));`;
  const outputs = [1, 2, 3].map(
    () =>
      new Promise<string>((resolve) => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
        let text = '';
        child.stdout.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        child.stderr.pipe(process.stderr);
        child.on('close', () => resolve(text));
      }),
  );
  let running = true;
  const listings = new Set<string>();
  const look = async () => {
    while (running) {
      const names = listing();
      if (names !== undefined) listings.add(names);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const looking = look();
  const results = await Promise.all(outputs);
  running = false;
  await looking;
  expect(new Set(results)).toEqual(new Set([`${inode()} true\n`]));
  expect([...listings]).toHaveLength(1);
});
