import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startKernel, textOf } from '../../kernel-setup/setup/kernel-client.mjs';
import { copyProject, type ProjectCopy, smallLibrary } from '../support/project-copy';

// A new build never changes a running kernel: modules loaded later are of the build with which it started.
let project: ProjectCopy;
const kernels: Awaited<ReturnType<typeof startKernel>>[] = [];

/** Writes a library with a part that is loaded on first use. */
function writeSources(plus: string, late: string) {
  project.write(
    'src/index.ts',
    `${smallLibrary.replace(/export function plus[\s\S]*?\n}\n/, plus)}export * as numeric from './numeric';\n`,
  );
  project.write('src/numeric/index.ts', `export const late: string = '${late}';\n`);
}
const first = 'export function plus(a: number, b: number): number {\n  return a + b;\n}\n';
const second = 'export function plus(a: number, b: number, c: number): number {\n  return a + b + c;\n}\n';

beforeAll(async () => {
  project = copyProject();
  fs.mkdirSync(path.join(project.paths.sources, 'numeric'));
  writeSources(first, 'first');
  await project.setUp();
});

afterAll(async () => {
  await Promise.all(kernels.map((kernel) => kernel.stop()));
  project.remove();
});

async function start() {
  const kernel = await startKernel(project.context, 'gradlab', project.paths.notebooks);
  kernels.push(kernel);
  return kernel;
}

const program = 'console.log(process.argv[1]);';
const ofFirst = 'import { numeric, plus } from "gradlab";\nconsole.log(plus(1, 2), numeric.late);';
const ofSecond = 'import { numeric, plus } from "gradlab";\nconsole.log(plus(1, 2, 3), numeric.late);';

test('a kernel keeps its build while others build, also in a new process, until it is restarted', async () => {
  const kernel = await start();
  const before = textOf(await kernel.execute(program)); // the library is not loaded yet
  writeSources(second, 'second');
  const main = 'kernel-setup/kernel/cells/main.ts';
  project.write(main, `${fs.readFileSync(path.join(project.root, main), 'utf8')}\nexport {};\n`);
  const other = await start();
  expect(textOf(await other.execute(ofSecond))).toBe('6 second\n');
  expect(textOf(await other.execute(program))).not.toBe(before);

  expect(textOf(await kernel.execute(ofFirst))).toBe('3 first\n');
  expect(textOf(await kernel.execute('process.exit(0)'))).toMatch(/^ProcessExit/);
  expect(textOf(await kernel.execute(program))).toBe(before);
  expect(textOf(await kernel.execute(ofFirst))).toBe('3 first\n');
  const imported = 'console.log((await import("gradlab")).numeric.late, import.meta.resolve("gradlab").length > 0);';
  expect(textOf(await kernel.execute(imported))).toBe('first true\n');

  // More unused builds than are kept.
  for (const late of ['third', 'fourth']) {
    writeSources(second, late);
    const another = await start();
    expect(textOf(await another.execute(ofSecond))).toBe(`6 ${late}\n`);
    await another.stop();
  }
  expect(textOf(await kernel.execute('process.exit(0)'))).toMatch(/^ProcessExit/);
  expect(textOf(await kernel.execute(ofFirst))).toBe('3 first\n');

  // A restart uses the current sources; `npm start` need not be stopped for it.
  await kernel.restart();
  expect(textOf(await kernel.execute(ofSecond))).toBe('6 fourth\n');
});
