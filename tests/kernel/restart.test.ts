import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { whyStale } from '../../kernel-setup/setup/build.mjs';
import { startKernel, textOf } from '../../kernel-setup/setup/kernel-client.mjs';
import { stablePathOf } from '../../kernel-setup/setup/node-of-kernel.mjs';
import { isAlive } from '../support/processes';
import { copyProject, type ProjectCopy, smallLibrary } from '../support/project-copy';

// Each test restores src/ and dist/.
let project: ProjectCopy;
const kernels: Awaited<ReturnType<typeof startKernel>>[] = [];

beforeAll(async () => {
  project = copyProject();
  await project.setUp();
});

afterAll(async () => {
  await Promise.all(kernels.map((kernel) => kernel.stop()));
  project.remove();
});

async function start(name = 'gradlab') {
  const kernel = await startKernel(project.context, name, project.paths.notebooks);
  kernels.push(kernel);
  return kernel;
}

const sum = 'import { plus } from "gradlab";\nconsole.log(plus(1, 2));';
const edited = smallLibrary.replace('a + b', '100 * a + b');
const broken = smallLibrary.replace('return a + b', 'return a + ');

test('a restart of the kernel is enough after an edit in src/', async () => {
  const kernel = await start();
  expect(textOf(await kernel.execute(sum))).toBe('3\n');
  project.write('src/index.ts', edited);
  await kernel.restart();
  expect(textOf(await kernel.execute(sum))).toBe('102\n');
  project.write('src/index.ts', smallLibrary);
  await kernel.restart();
  expect(textOf(await kernel.execute(sum))).toBe('3\n');
});

test('stock tslab runs the last build, whatever is in src/', async () => {
  project.write('src/index.ts', edited);
  const kernel = await start('tslab');
  expect(textOf(await kernel.execute(sum))).toBe('3\n');
  expect(whyStale(project.paths)).toBe('src/ changed');
  project.write('src/index.ts', smallLibrary);
});

test('two kernels that start simultaneously after an edit both use it', async () => {
  project.write('src/index.ts', edited);
  const both = await Promise.all([start(), start()]);
  for (const kernel of both) expect(textOf(await kernel.execute(sum))).toBe('102\n');
  project.write('src/index.ts', smallLibrary);
  await start();
});

test('a build error fails the first cell, names the line, and the last build stays usable', async () => {
  project.write('src/index.ts', broken);
  const kernel = await start();
  const first = await kernel.execute(sum);
  expect(first.status).toBe('error');
  const text = textOf(first);
  expect(text).toMatch(/the cell was not run/);
  expect(text).toMatch(/src\/index\.ts:5:14: error: Unexpected token/);
  expect(text).toMatch(/Restart the kernel after correcting it\. Or run the cell again: it uses the build of/);
  expect(text).not.toMatch(/^3$/m);
  expect(textOf(await kernel.execute(sum))).toBe('3\n');

  project.write('src/index.ts', smallLibrary);
  await kernel.restart();
  expect(textOf(await kernel.execute(sum))).toBe('3\n');
});

test('without any build the first cell reports that, too', async () => {
  project.write('src/index.ts', broken);
  const made = [project.paths.dist, project.paths.libraryBuild];
  for (const folder of made) fs.renameSync(folder, `${folder}-aside`);
  const kernel = await start();
  const first = await kernel.execute(sum);
  expect(first.status).toBe('error');
  expect(textOf(first)).toMatch(/index\.ts:5:14: error: [\s\S]*\nRestart the kernel after correcting it\.$/);
  expect(fs.existsSync(project.paths.dist)).toBe(false);
  for (const folder of made) fs.renameSync(`${folder}-aside`, folder);
  project.write('src/index.ts', smallLibrary);
});

test.each([
  ['lib/typescript.js is truncated', 'lib/typescript.js', 'function half() {', /Unexpected token.*typescript\.js/],
  ['its main file is missing', 'package.json', '{ "version": "5.9.3", "main": "gone.js" }', /Cannot find module/],
])(
  'a compiler that does not load fails the first cell, with the command to fix it: %s',
  async (_, file, text, reason) => {
    const compiler = path.join(project.paths.nodeModules, 'typescript');
    const target = fs.realpathSync(compiler);
    fs.unlinkSync(compiler);
    try {
      fs.cpSync(target, compiler, { recursive: true });
      fs.writeFileSync(path.join(compiler, file), text);
      const kernel = await start();
      const first = await kernel.execute('1 + 1');
      expect(first.status).toBe('error');
      expect(textOf(first)).toMatch(reason);
      expect(textOf(first)).toMatch(
        /To repair it, delete the folders node_modules and \.gradlab\/builds, then `npm start`/,
      );
    } finally {
      fs.rmSync(compiler, { recursive: true });
      fs.symlinkSync(target, compiler, 'junction');
    }
  },
);

test('a kernel that cannot load its sockets prints the command to fix it before it ends', async () => {
  const sockets = path.join(project.paths.nodeModules, 'zeromq');
  const target = fs.realpathSync(sockets);
  fs.unlinkSync(sockets);
  try {
    await expect(start()).rejects.toThrow(
      /Cannot find module 'zeromq'[\s\S]*✗ The kernel does not load\n {2}Try: delete the folders node_modules and /,
    );
  } finally {
    fs.symlinkSync(target, sockets, 'junction');
  }
});

test.each(['idle', 'busy'])('a kernel that is %s ends when its Jupyter server is killed', async (state) => {
  const kernel = await start();
  kernels.pop();
  if (state === 'busy') {
    const busy = path.join(project.root, 'busy');
    const loop = `import * as fs from "node:fs"; fs.writeFileSync(${JSON.stringify(busy)}, ""); while (true) {}`;
    kernel.execute(loop).catch(() => {}); // the reply is lost with the server
    await expect.poll(() => fs.existsSync(busy)).toBe(true);
  }
  process.kill(kernel.serverPid!, 'SIGKILL');
  await expect.poll(() => isAlive(kernel.pid)).toBe(false);
});

test('the kernelspec starts the launcher of this project with this Node', () => {
  const spec = JSON.parse(fs.readFileSync(path.join(project.paths.kernels, 'gradlab', 'kernel.json'), 'utf8'));
  expect(spec).toEqual({
    argv: [
      stablePathOf(process.execPath),
      path.join(project.root, 'kernel-setup', 'launch-kernel.mjs'),
      '{connection_file}',
    ],
    env: { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '131072' },
    display_name: 'TypeScript (gradlab)',
    language: 'typescript',
    interrupt_mode: 'message',
    metadata: { debugger: true, supported_encryption: ['curve'] },
  });
});
