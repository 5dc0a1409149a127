// Programs that read from a terminal: questions appear in the notebook; other reads suggest what to use.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CellSession, failureOf } from '../support/cell-session';

let session: CellSession;

beforeAll(async () => {
  session = await CellSession.start();
});

afterAll(() => session?.close());

/** Runs a cell and answers its questions. */
async function answered(source: string, ...lines: string[]): Promise<{ prompts: string[]; result: unknown }> {
  const begun = session.begin(source, { keep: true, allowStdin: true });
  if (typeof begun !== 'number') throw new Error(failureOf(begun));
  const prompts: string[] = [];
  for (const line of lines) prompts.push(await session.answer(line));
  const ran = await session.end(begun);
  expect(failureOf(ran)).toBe('');
  return { prompts, result: ran.data?.['text/plain'] };
}

describe('question of readline', () => {
  test.each([
    [
      'with promises',
      `import * as readline from 'node:readline/promises';
import { stdin as input, stdout as output } from 'node:process';
const rl1 = readline.createInterface({ input, output });
const a1 = await rl1.question('Name? ') + await rl1.question('Age? ');
rl1.close(); a1`,
    ],
    [
      'with callbacks',
      `import readline2 from 'readline';
const rl2 = readline2.createInterface(process.stdin, process.stdout);
await new Promise((resolve) => rl2.question('Name? ', (name) => rl2.question('Age? ', {}, (age) => resolve(name + age))))`,
    ],
    [
      'as a promise',
      `const rl3 = require('node:readline').createInterface({ input: process.stdin });
const ask3 = require('node:util').promisify(rl3.question).bind(rl3);
await ask3('Name? ') + await ask3('Age? ')`,
    ],
    [
      'by name, and promises of readline',
      `import { createInterface, promises } from 'node:readline';
const rl4 = promises.createInterface(process.stdin);
await rl4.question('Name? ') + await rl4.question('Age? ')`,
    ],
  ])('%s', async (_, source) => {
    expect(await answered(source, 'Ada', '36')).toEqual({ prompts: ['Name? ', 'Age? '], result: "'Ada36'" });
  });

  test('works in a later cell than the interface', async () => {
    await answered(
      "import { createInterface as make } from 'readline/promises';\nconst later = make({ input: process.stdin });",
    );
    expect(await answered("await later.question('Who? ')", 'Grace')).toEqual({ prompts: ['Who? '], result: "'Grace'" });
  });

  test('reports why it cannot ask', async () => {
    for (const cell of ["await later.question('Who? ')", "rl2.question('Who? ', () => {})"])
      expect(failureOf(await session.execute(cell))).toMatch(/Error: Jupyter\.input: input is not possible here/);
  });

  test('of another stream is unchanged', async () => {
    const ran = await session.execute(`import { Readable } from 'node:stream';
import { createInterface as of } from 'node:readline';
const lines: string[] = [];
for await (const line of of({ input: Readable.from(['one\\ntwo\\n']) })) lines.push(line);
lines`);
    expect(failureOf(ran)).toBe('');
    expect(ran.data?.['text/plain']).toBe("[ 'one', 'two' ]");
  });
});

describe('other reads suggest Jupyter.input', () => {
  test.each([
    'for await (const chunk of process.stdin) {}',
    "import { createInterface } from 'readline'; for await (const line of createInterface({ input: process.stdin })) {}",
    "import { createInterface } from 'readline'; createInterface({ input: process.stdin }).on('line', () => {})",
    "import { once } from 'node:events'; await once(process.stdin, 'data')",
    "import { text } from 'node:stream/consumers'; await text(process.stdin)",
  ])('%s', async (cell) => {
    expect(failureOf(await session.execute(cell))).toMatch(/Error: process\.stdin: .*await Jupyter\.input/);
  });

  test.each([
    'fs.readFileSync(0, "utf8")',
    'fs.readFileSync("/dev/stdin")',
    'readFileSync(0)',
    'fs.readSync(0, Buffer.alloc(1))',
    'fs.openSync("/dev/stdin", "r")',
    'await new Promise((resolve, reject) => fs.readFile(0, (error, data) => (error ? reject(error) : resolve(data))))',
    'await fs.promises.readFile("/dev/stdin")',
    'for await (const chunk of fs.createReadStream("", { fd: 0 })) {}',
    'for await (const chunk of fs.createReadStream("/dev/stdin")) {}',
  ])('by its descriptor: %s', async (cell) => {
    const ran = await session.execute(`import fs, { readFileSync } from "node:fs"; ${cell}`);
    expect(failureOf(ran)).toMatch(/Error: standard input: .*await Jupyter\.input/);
  });

  test('inspecting stdin is allowed', async () => {
    const ran = await session.execute(
      '[process.stdin.isTTY, process.stdin.fd, process.stdin === require("process").stdin]',
    );
    expect(ran.data?.['text/plain']).toBe('[ undefined, 0, true ]');
  });
});
