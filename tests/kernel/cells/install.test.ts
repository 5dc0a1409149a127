// `Jupyter.install`, with a fake npm that writes what npm would, and changes on the disk.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { CellSession, failureOf } from '../support/cell-session';

const tools = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-npm-'));
let session: CellSession;

/** Installs packages into node_modules, prints them, and fails for `broken`. */
const standIn = `const fs = require('fs');
const args = process.argv.slice(2);
console.log('npm', args.filter((arg) => arg !== process.cwd()).join(' '), String(process.cwd() === args[args.indexOf('--prefix') + 1]));
for (const wanted of args.slice(args.indexOf('--') + 1)) {
  const [name, version = '1.0.0'] = wanted.split('@');
  if (name === 'broken') { console.error('npm error 404'); process.exit(1); }
  fs.mkdirSync('node_modules/' + name, { recursive: true });
  fs.writeFileSync('node_modules/' + name + '/package.json', JSON.stringify({ name, version, types: 'index.d.ts' }));
  fs.writeFileSync('node_modules/' + name + '/index.js', 'exports.version = ' + JSON.stringify(version));
  fs.writeFileSync('node_modules/' + name + '/index.d.ts', 'export declare const version: string;');
}
`;

const before = process.env.npm_execpath;
beforeAll(async () => {
  fs.writeFileSync(path.join(tools, 'npm-cli.js'), standIn);
  process.env.npm_execpath = path.join(tools, 'npm-cli.js');
  session = await CellSession.start();
  await session.execute('const { Jupyter } = globalThis as any');
});
beforeEach(() => session.clear());
afterAll(async () => {
  if (before === undefined) delete process.env.npm_execpath;
  else process.env.npm_execpath = before;
  await session?.close();
  fs.rmSync(tools, { recursive: true });
});

async function ran(cell: string) {
  const result = await session.execute(cell);
  expect(failureOf(result)).toBe('');
  return result;
}

test("installs a package in the notebook's folder and shows npm's output; the next cell imports it", async () => {
  const missing = await session.execute('import { version } from "fresh"');
  expect(missing.diagnostics[0].hint).toMatch(
    /^`fresh` is not installed: `await Jupyter\.install\("fresh"\)` brings it into/,
  );
  const { output, data } = await ran('await Jupyter.install("fresh")');
  expect(data).toBeUndefined();
  expect(output).toBe(
    `Installing fresh into node_modules
npm install --prefix --no-audit --no-fund -- fresh true
fresh 1.0.0 is installed
`,
  );
  expect((await ran('import { version } from "fresh"; version')).data).toEqual({ 'text/plain': "'1.0.0'" });
});

test('another version of a loaded package needs a restart: says so once, also after an external install', async () => {
  await ran('await Jupyter.install("loaded-one")');
  await ran('import { version as first } from "loaded-one"; first');
  expect((await ran('await Jupyter.install("loaded-one@2.0.0")')).output).toContain(
    'loaded-one 2.0.0 is installed; 1.0.0 is loaded: restart the kernel to use the new one',
  );
  const again = 'import { version as second } from "loaded-one"; second';
  const second = await ran(again);
  expect([second.data, second.output]).toEqual([
    { 'text/plain': "'1.0.0'" },
    'loaded-one 1.0.0 is loaded, and 2.0.0 is installed by now: restart the kernel to use it.\n',
  ]);
  expect((await ran(again)).output).toBe('');
});

test('reports a failed install, and rejects invalid package names', async () => {
  const failed = await session.execute('await Jupyter.install("broken")');
  expect(failed.error?.evalue).toBe('npm could not install broken: see above what it says');
  expect(failed.output).toContain('npm error 404');
  for (const name of ['@/a', '../a', '--global', 'file:a', 'https://a.b/c.tgz', 'a b', 'Upper', ''])
    expect((await session.execute(`await Jupyter.install(${JSON.stringify(name)})`)).error?.evalue).toMatch(
      /^Jupyter\.install takes names of packages, such as "zod" or "zod@3", not /,
    );
});

test('detects a change of a local file with the same time and size', async () => {
  session.write({ 'same.ts': 'export const which = "one";' });
  const file = path.join(session.folder, 'same.ts');
  const time = new Date(1_700_000_000_000);
  fs.utimesSync(file, time, time);
  expect((await ran('import { which } from "./same"; which')).data).toEqual({ 'text/plain': "'one'" });
  session.write({ 'same.ts': 'export const which = "two";' });
  fs.utimesSync(file, time, time);
  expect((await ran('import { which as again } from "./same"; again')).data).toEqual({ 'text/plain': "'two'" });
});
