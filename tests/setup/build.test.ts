import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildIfStale, whyStale } from '../../kernel-setup/setup/build.mjs';
import { filesBelow } from '../../kernel-setup/setup/files.mjs';
import { paths as realPaths, SetUpError } from '../../kernel-setup/setup/index.mjs';
import { markInUse } from '../../kernel-setup/setup/old-builds.mjs';
import { projectPaths } from '../../kernel-setup/setup/paths.mjs';
import { isAlive } from '../support/processes';
import { scratchFolder } from '../support/project-copy';

let paths: ReturnType<typeof projectPaths>;
const source = (text: string, name = 'index.ts') => fs.writeFileSync(path.join(paths.sources, name), text);
const built = (name = 'index.js') => fs.readFileSync(path.join(paths.dist, name), 'utf8');
const inode = () => fs.statSync(paths.dist).ino;

/** Import of a set-up module, as program text. */
const moduleOf = (name: string) => JSON.stringify(path.join(realPaths.root, 'kernel-setup', 'setup', name));

/** The files in dist/; undefined between two renames, or if dist/ was replaced while it was read. */
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
  for (const name of ['rolldown', 'rolldown-plugin-dts'])
    fs.symlinkSync(path.join(realPaths.nodeModules, name), path.join(paths.nodeModules, name), 'junction');
  fs.copyFileSync(realPaths.tsconfig, paths.tsconfig);
  for (const name of ['bundler', 'declarationsBundler', 'generator'] as const)
    fs.cpSync(realPaths[name], paths[name], { recursive: true });
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

  source('export const answer = 43;\n'); // same length as before
  expect(whyStale(paths)).toBe('src/ changed');
  source('export const answer = 42;\n');
  expect(whyStale(paths)).toBeUndefined();

  source('export const more = 1;\n', 'more.ts');
  source('export const inside = 2;\n', 'inside.ts');
  source(
    'import { inside } from "./inside";\nexport { more } from "./more";\nexport const answer: number = 21 * inside;\n',
  );
  expect(whyStale(paths)).toBe('src/ changed');
  await buildIfStale(paths);
  const core = path.join('declarations', 'core.d.ts');
  expect(built(core)).toContain('more = 1');
  expect(built(core)).not.toContain('inside'); // no declaration needs it

  for (const name of ['more.ts', 'inside.ts']) fs.rmSync(path.join(paths.sources, name));
  source('export const answer = 43;\n');
  expect(whyStale(paths)).toBe('src/ changed');
  await buildIfStale(paths);
  expect(built()).toMatch(/const \w+ = 43/);
  expect(fs.existsSync(path.join(paths.dist, core))).toBe(false);

  fs.appendFileSync(paths.tsconfig, '\n');
  expect(whyStale(paths)).toBe('src/ changed');
  await buildIfStale(paths);
  expect(whyStale(paths)).toBeUndefined();
  fs.appendFileSync(path.join(paths.generator, 'guard.mjs'), '\n'); // inserts checks
  expect(whyStale(paths)).toBe('src/ changed');
});

test('rebuilds a file that was emptied or lost', async () => {
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

test('detects an edit by its time, once the last one is old enough to differ', async () => {
  const timesFile = path.join(paths.state, 'library.times');
  const file = path.join(paths.sources, 'index.ts');
  await buildIfStale(paths);
  fs.rmSync(timesFile, { force: true });
  const now = Date.now() / 1000 + 3600; // however long this test takes
  fs.utimesSync(file, now, now);
  await buildIfStale(paths);
  expect(fs.existsSync(timesFile)).toBe(false); // an edit with the same time would be missed

  const made = ['index.js', '.source-stamp'].map((name) => path.join(paths.libraryBuild, name));
  for (const name of [
    ...filesBelow(paths.sources),
    ...made,
    paths.tsconfig,
    paths.bundler,
    paths.declarationsBundler,
    ...filesBelow(paths.generator),
  ])
    fs.utimesSync(name, 1e9, 1e9);
  await buildIfStale(paths);
  expect(fs.readFileSync(timesFile, 'utf8')).toContain(`${path.join('src', 'index.ts')} 1000000000000`);
  source('export const answer = 43;\n');
  await buildIfStale(paths);
  expect(built()).toMatch(/const \w+ = 43/);
});

test.each([
  ['that does not parse', 'export const answer = 40 +;\n', /^src\/index\.ts:1:27: error: Unexpected token/],
  [
    'without the type of an export',
    'export const answer = Math.abs(2);\n',
    /^src\/index\.ts:1:14: error: TS9010: .* explicit type/,
  ],
  [
    'with an unresolved import',
    'import { a } from "./gone";\nexport const answer: number = a;\n',
    /^src\/index\.ts:1:19: error: .*\.\/gone/,
  ],
])('a source %s leaves the last build unchanged and is named', async (_, text, problem) => {
  await buildIfStale(paths);
  source(text);
  const error = await buildIfStale(paths).then(
    () => undefined,
    (reason: SetUpError) => reason,
  );
  expect(error).toBeInstanceOf(SetUpError);
  expect(error?.message).toBe('The library does not compile');
  expect(error?.details).toMatch(problem);
  expect(built()).toMatch(/const \w+ = 42/);
  expect(whyStale(paths)).toBe('src/ changed');
  expect(fs.readdirSync(paths.root).filter((name) => name.startsWith('.dist'))).toEqual([]);
});

test('a type error does not fail a build: `npm test` and packing check types', async () => {
  source('export const answer: string = 42;\n');
  await buildIfStale(paths);
  expect(built()).toMatch(/const \w+ = 42/);
  expect(built('index.d.ts')).toContain('answer: string');
});

/** Replaces the bundler by a program. */
function standIn(program: string) {
  const bundler = path.join(paths.nodeModules, 'rolldown');
  fs.rmSync(bundler);
  fs.mkdirSync(path.join(bundler, 'dist'), { recursive: true });
  fs.writeFileSync(path.join(bundler, 'package.json'), '{ "version": "1.0.0" }');
  fs.writeFileSync(path.join(bundler, 'dist', 'experimental-index.mjs'), program);
}

test('does not blame the sources for an incomplete bundler', async () => {
  standIn("import './gone.mjs';\n");
  await expect(buildIfStale(paths)).rejects.toMatchObject({
    message: 'the bundler does not run',
    details: expect.stringContaining('Cannot find module'),
    remedy: expect.stringContaining('delete the folder node_modules'),
  });
  expect(whyStale(paths)).toBe('dist/ is not there');
});

test('a busy bundler ends with its parent process if that is killed', async () => {
  const pidFile = path.join(paths.root, 'pid');
  standIn(`import fs from 'node:fs'; fs.writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); for (;;);`);
  const script = `import { buildIfStale } from ${moduleOf('build.mjs')}; import { projectPaths } from ${moduleOf('paths.mjs')};
    await buildIfStale(projectPaths(${JSON.stringify(paths.root)}));`;
  const builder = spawn(process.execPath, ['--input-type=module', '-e', script]);
  await expect.poll(() => fs.existsSync(pidFile) && fs.readFileSync(pidFile, 'utf8')).toMatch(/\d/);
  const pid = Number(fs.readFileSync(pidFile, 'utf8'));
  builder.kill('SIGKILL');
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test('each build has its own folder: the last two stay, and one used by a kernel', async () => {
  const folder = () => fs.realpathSync(paths.libraryBuild);
  const answers = (builds: string[]) =>
    builds.map((build) => /answer = (\d+)/.exec(fs.readFileSync(path.join(build, 'index.d.ts'), 'utf8'))?.[1]);
  const builds: string[] = [];
  for (const answer of [1, 2, 3, 4]) {
    source(`export const answer = ${answer};\n`);
    await buildIfStale(paths);
    builds.push(folder());
    if (answer === 1) markInUse(paths, [folder()]);
    expect(built('index.d.ts')).toContain(`answer = ${answer}`);
  }
  expect(builds.map((build) => fs.existsSync(build))).toEqual([true, false, true, true]);
  expect(answers([builds[0]!, builds[2]!, builds[3]!])).toEqual(['1', '3', '4']);

  // The previous sources again: their build exists.
  const made = fs.statSync(path.join(builds[2]!, 'index.js')).mtimeMs;
  source('export const answer = 3;\n');
  await buildIfStale(paths);
  expect(folder()).toBe(builds[2]);
  expect(fs.statSync(path.join(builds[2]!, 'index.js')).mtimeMs).toBe(made);
  expect(built('index.d.ts')).toContain('answer = 3');

  // A killed kernel could not remove its mark.
  const [mark] = fs.readdirSync(path.join(paths.builds, 'in-use'));
  const gone = spawnSync(process.execPath, ['-e', '']).pid;
  fs.renameSync(
    path.join(paths.builds, 'in-use', mark!),
    path.join(paths.builds, 'in-use', mark!.replace(/^\d+/, String(gone))),
  );
  source('export const answer = 5;\n');
  await buildIfStale(paths);
  expect(builds.map((build) => fs.existsSync(build))).toEqual([false, false, true, false]);
  expect(fs.readdirSync(path.join(paths.builds, 'in-use'))).toEqual([]);
});

test('a build finds the files of its package, at any depth of folders', () => {
  const program = `const { data } = require(${JSON.stringify(fs.realpathSync(realPaths.libraryBuild))});
    data.fashionMnist({ split: 'sample' }).then(({ x }) => console.log(x.shape.join()));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' });
  expect([stdout, stderr]).toEqual(['200,28,28\n', '']);
});

test('source maps refer to src/', async () => {
  await buildIfStale(paths);
  expect(JSON.parse(built('index.js.map')).sources).toEqual(['../src/index.ts']);
});

test('of three simultaneous processes one builds, and all find the build; dist/ is never half a build', async () => {
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
