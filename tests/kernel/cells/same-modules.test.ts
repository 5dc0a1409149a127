// Cells, local files and threads load the same modules: TypeScript sources, JSON, WebAssembly, workspace packages.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { paths } from '../../../kernel-setup/setup/paths.mjs';
import { CellSession, failureOf } from '../support/cell-session';

/** `(a, b) => a + b` */
const wasm = Buffer.from('0061736d0100000001070160027f7f017f030201000707010361646400000a09010700200020016a0b', 'hex');

const parts = `import { add } from "./add.wasm"; import rows from "./rows.json"; import { C } from "./c"; import { E, ws } from "@w/ws";
import plain from "untyped"; import { kind } from "dual";`;
const use = '[add(1, 2), rows.length, C, ws, E.A, plain.x, kind]';

let session: CellSession;

beforeAll(async () => {
  session = await CellSession.start(
    {
      'rows.json': '[1, 2, 3]',
      'c.tsx': 'export const C: string = "tsx";',
      'a b.ts': 'export const spaced: number = 5;',
      'file.ts': `${parts} export const all = ${use};`,
      'thread.ts': `import { parentPort, workerData } from "node:worker_threads"; ${parts} interface Answer { all: unknown }
      const late = await import("./file"); parentPort!.postMessage({ all: ${use}, late: late.all.length, data: workerData, meta: import.meta.filename });`,
      'fails.ts': '\nfunction fails(): never { throw new Error("in a thread"); }\nfails();',
      'packages/ws/package.json': '{ "name": "@w/ws", "main": "./src/index.ts" }',
      'packages/ws/src/index.ts': 'export { ws } from "./ws.js"; export enum E { A = 7 }',
      'packages/ws/src/ws.ts': 'export const ws: number = 6;',
      'node_modules/untyped/package.json': '{ "name": "untyped" }',
      'node_modules/untyped/index.js': 'exports.x = 4;',
      'node_modules/dual/package.json':
        '{ "name": "dual", "exports": { "types": "./i.d.ts", "import": "./i.mjs", "require": "./r.cjs" } }',
      'node_modules/dual/i.mjs': 'export const kind = "import";',
      'node_modules/dual/r.cjs': 'exports.kind = "require";',
      'node_modules/dual/i.d.ts': 'export declare const kind: string;',
      'tsconfig.json': '{ "compilerOptions": { "strict": true } }',
    },
    [paths.cellTypes],
  );
  fs.writeFileSync(path.join(session.folder, 'add.wasm'), wasm);
  fs.mkdirSync(path.join(session.folder, 'node_modules/@w'), { recursive: true });
  fs.symlinkSync('../../packages/ws', path.join(session.folder, 'node_modules/@w/ws'));
});
afterAll(() => session?.close());

const expected = "[ 3, 3, 'tsx', 6, 7, 4, 'import' ]";

async function resultOf(source: string): Promise<unknown> {
  const ran = await session.execute(source);
  expect(failureOf(ran)).toBe('');
  return ran.data?.['text/plain'];
}

test('in a cell, also in a strict project', async () => {
  expect(await resultOf(`${parts} ${use}`)).toBe(expected);
});

test('addresses with the source itself, as in Node', async () => {
  const address = 'data:text/javascript,export const a = 1; export default 2';
  const use = `import two, { a } from "${address}"; [a, two, (await import("${address}")).a]`;
  expect(await resultOf(use)).toBe('[ 1, 2, 1 ]');
});

test('in a file', async () => {
  expect(await resultOf('import { all } from "./file"; all')).toBe(expected);
});

test('in threads, each with its own instances', async () => {
  await resultOf(`import { Worker } from "node:worker_threads";
    const ask = (file: string | URL, workerData?: unknown) => new Promise<any>((resolve, reject) =>
      new Worker(file, { workerData }).on("message", resolve).on("error", reject));`);
  const cell =
    'const said = await ask(new URL("./thread.ts", import.meta.url), { n: 1 }); [said.late, said.data, path.basename(said.meta)]';
  expect(await resultOf(`import path from "node:path"; ${cell}`)).toBe("[ 7, { n: 1 }, 'thread.ts' ]");
  expect(await resultOf('said.all')).toBe(expected);
  expect(await resultOf('(await ask("./thread.ts")).all')).toBe(expected);
});

test('an error in a thread has the positions of its source', async () => {
  expect(failureOf(await session.execute('await ask("./fails.ts")'))).toMatch(
    /Error: in a thread[\s\S]*fails\.ts:2:33/,
  );
});

test('by a file URL', async () => {
  const address = String(pathToFileURL(path.join(session.folder, 'a b.ts')));
  expect(await resultOf(`import { spaced } from "${address}"; spaced`)).toBe('5');
  const [missing] = (await session.execute('import { no } from "file:///nowhere/at-all.ts"')).diagnostics;
  expect(missing.hint).toBe('There is no /nowhere/at-all.ts, with any ending.');
});
