// Output that arrives while another cell runs belongs to the cell that caused it.
import { execFileSync } from 'node:child_process';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CellSession, failureOf } from '../support/cell-session';

let session: CellSession;
let server: http.Server;
/** Lets the server answer. */
let answer = () => {};
let mayAnswer: Promise<void>;
let count = 0;

beforeAll(async () => {
  server = http.createServer(async (_, response) => {
    await mayAnswer;
    response.end('body');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  session = await CellSession.start({
    'local.ts': `import { readFile } from "node:fs/promises";
      export async function inFile(file: string) { await readFile(file); console.log("late"); }`,
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await session.execute(`
    import * as child from "node:child_process"; import * as crypto from "node:crypto"; import { once } from "node:events";
    import * as fs from "node:fs"; import * as http from "node:http"; import * as readline from "node:readline";
    import { promisify } from "node:util"; import { Worker } from "node:worker_threads"; import { inFile } from "./local";
    const url = ${JSON.stringify(url)}; const late = () => console.log("late");`);
});

afterAll(async () => {
  await session?.close();
  server?.close();
});

/**
 * Runs a cell as a front end does, where errors of earlier cells do not fail later ones.
 * @returns its number
 */
async function run(cell: string): Promise<number> {
  const started = session.begin(cell, { keep: true, allowStdin: true });
  if (typeof started !== 'number') throw new Error(failureOf(started));
  await session.end(started);
  return started;
}

/** FIFO is replaced by a file whose text arrives when the second cell runs, CHILD by a command that does the same. */
test.each([
  ['an awaited file', '(async () => { await fs.promises.readFile(FIFO); late() })()'],
  [
    'a file whose awaited read fails',
    '(async () => { try { await fs.promises.readFile(FIFO); await fs.promises.readFile("/nowhere") } catch { late() } })()',
  ],
  ['a finally', '(async () => { try { await fs.promises.readFile(FIFO) } finally { late() } })()'],
  ['a promise of a file', 'fs.promises.readFile(FIFO).then(late)'],
  ['promises of files', 'Promise.all([fs.promises.readFile(FIFO), null]).finally(late)'],
  ['a callback', 'fs.readFile(FIFO, late)'],
  ['a stream', 'fs.createReadStream(FIFO).on("data", late)'],
  ['a loop over a stream', '(async () => { for await (const _ of fs.createReadStream(FIFO)) late() })()'],
  ['after a loop over a stream', '(async () => { for await (const _ of fs.createReadStream(FIFO)); late() })()'],
  ['lines', 'readline.createInterface(fs.createReadStream(FIFO)).on("line", late)'],
  ['an awaited event', 'once(fs.createReadStream(FIFO), "data").then(late)'],
  ['a function of a local file', 'inFile(FIFO)'],
  ['a tick and a microtask after a file', 'fs.readFile(FIFO, () => process.nextTick(() => queueMicrotask(late)))'],
  ['an error in a callback', 'fs.readFile(FIFO, () => { throw new Error("late") })'],
  ['a rejection after a file', '(async () => { await fs.promises.readFile(FIFO); throw new Error("late") })()'],
  ['a digest', 'crypto.pbkdf2("x", "y", 2_000_000, 64, "sha512", late)'],
  ['an awaited fetch', '(async () => { const r = await fetch(url); await r.text(); late() })()'],
  ['a fetch', 'fetch(url).then((r) => r.text()).then(late)'],
  ['a request', 'http.get(url, (r) => { r.resume(); late() })'],
  ['the callback of a child', 'child.exec(CHILD, late)'],
  ['an awaited child', '(async () => { await promisify(child.exec)(CHILD); late() })()'],
  ['output of a child', 'child.spawn(CHILD, { shell: true }).stdout.on("data", late)'],
  ['the exit of a child', 'child.spawn(CHILD, { shell: true }).once("exit", late)'],
  ['a child that inherits its output', 'child.spawn(CHILD, { shell: true, stdio: "inherit" })'],
  ['a child that writes to stderr instead', 'child.spawn(CHILD, { shell: true, stdio: ["ignore", 2, 1] })'],
  [
    'a thread',
    'new Worker(`require("fs").readFileSync(${JSON.stringify(FIFO)}); require("worker_threads").parentPort.postMessage(1)`, { eval: true }).on("message", late)',
  ],
  [
    'a browser-style event',
    'const target = new EventTarget(); target.addEventListener("x", late); fs.readFile(FIFO, () => target.dispatchEvent(new Event("x")))',
  ],
])('%s', async (_, code) => {
  const fifo = path.join(session.folder, `fifo${++count}`);
  execFileSync('mkfifo', [fifo]);
  const given = JSON.stringify(fifo);
  const source = code
    .replaceAll('FIFO', given)
    .replaceAll('CHILD', JSON.stringify(`cat ${fifo} > /dev/null; echo late`));
  mayAnswer = new Promise((resolve) => {
    answer = resolve;
  });
  const first = await run(`${source};`);
  // This blocks until a reader opens the pipe.
  await run(source.includes(fifo) ? `fs.writeFileSync(${given}, "text\\n")` : '"second"');
  answer();
  const isLate = ({ text }: { text: string }) => text.includes('late');
  const isError = ({ error }: { error: { evalue: string } }) => error.evalue === 'late';
  await session.until(() => session.all('stream').some(isLate) || session.all('late-error').some(isError));
  const found = [...session.all('stream').filter(isLate), ...session.all('late-error').filter(isError)];
  expect(found.map(({ parentId }) => parentId - first)).toEqual([0]);
  session.clear();
});
