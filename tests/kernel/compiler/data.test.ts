// Data pasted into cells: checked only by its type, and available when the cell runs.
import fc from 'fast-check';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withoutData } from '../../../kernel-setup/kernel/compiler/data';
import { parse } from '../../../kernel-setup/kernel/compiler/parse';
import { CellSession } from '../support/cell-session';

let session: CellSession;
beforeAll(async () => {
  session = await CellSession.start();
});
afterAll(async () => {
  await session?.close();
});

const rowsOf = (n: number) =>
  Array.from({ length: n }, (_, i) => ({ id: i, x: -i / 7, label: `row ${i % 7}`, ok: i % 2 === 0, tags: ['a'] }));
const big = JSON.stringify(rowsOf(500));

/** The result of a cell as JSON, or its first error. */
async function outcomeOf(source: string): Promise<unknown> {
  const ran = await session.execute(source);
  if (ran.diagnostics[0]) return `TS${ran.diagnostics[0].code} ${ran.diagnostics[0].line}:${ran.diagnostics[0].column}`;
  if (ran.error) return ran.error;
  return ran.output.trim() === '' ? undefined : JSON.parse(ran.output);
}
const logged = (expression: string) => `console.log(JSON.stringify(${expression}))`;

describe('the value', () => {
  test('equals any pasted JSON, on one line or many', async () => {
    const json = fc.jsonValue({ noUnicodeString: false, maxDepth: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(json, { minLength: 1, maxLength: 6 }), fc.boolean(), async (some, inLines) => {
        const text = JSON.stringify(some, undefined, inLines ? 1 : undefined);
        const times = Math.ceil(25_000 / text.length);
        const literal = `[${Array(times).fill(text).join(',\n')}]`;
        expect(await outcomeOf(`const pasted = ${literal};\n${logged('pasted')}`)).toEqual(JSON.parse(literal));
      }),
      { seed: 7, numRuns: 25 },
    );
  });

  test('is new in each call of a function', async () => {
    const source = `function make() { return ${big}; }\nconst first = make(); first[0].id = 99;\n${logged('[first[0].id, make()[0].id]')}`;
    expect(await outcomeOf(source)).toEqual([99, 0]);
  });

  test('is the result of a cell that contains nothing else', async () => {
    const { data } = await session.execute(big);
    expect(JSON.stringify(data)).toContain('row 3');
  });
});

describe('the type', () => {
  beforeAll(async () => {
    expect(await outcomeOf(`const rows = ${big}`)).toBeUndefined();
  });

  test.each([
    [logged('rows.map((row) => row.label.length).length'), 500],
    ['rows[0].nope', 'TS2339 1:9'],
    ['const n: number = rows[0].label', 'TS2322 1:7'],
    [logged('rows[2].tags.map((tag) => tag.toUpperCase())'), ['A']],
    ['rows[0].id = 1; rows[0].id = "one"', 'TS2322 1:17'],
  ])('is that of its elements: %s', async (source, expected) => {
    expect(await outcomeOf(source)).toEqual(expected);
  });

  test('has optional keys that some objects lack, and is a dictionary for many keys', async () => {
    const some = JSON.stringify(Array.from({ length: 3000 }, (_, i) => (i % 2 ? { a: 1 } : { a: 1, b: 'x' })));
    expect(await outcomeOf(`const some = ${some}; ${logged('some[0].b?.length')}`)).toBe(1);
    expect(await outcomeOf('some[0].b.toFixed()')).toBe('TS2551 1:11');
    const counts = JSON.stringify(Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`word ${i}`, i])));
    expect(await outcomeOf(`const counts = ${counts}; ${logged('counts["word 5"] + counts["word 7"]')}`)).toBe(12);
    expect(await outcomeOf('counts["word 5"].length')).toBe('TS2339 1:18');
  });

  test('follows a declared type', async () => {
    const declared = 'type Row = { id: number; x: number; label: string; ok: boolean; tags: "a"[] };';
    expect(await outcomeOf(`${declared}\nconst mine: Row[] = ${big}; ${logged('mine[0].tags')}`)).toEqual(['a']);
    const pairs = JSON.stringify(Array.from({ length: 3000 }, (_, i) => [`key ${i}`, i]));
    expect(await outcomeOf(`const map = new Map(${pairs}); ${logged('map.get("key 12")')}`)).toBe(12);
    const kinds = JSON.stringify(Array(5000).fill('left'));
    expect(
      await outcomeOf(`function f(kinds: ("left" | "right")[]) { return kinds.length }\n${logged(`f(${kinds})`)}`),
    ).toBe(5000);
  });

  test('of numbers is accepted by a function that takes them', async () => {
    const numbers = JSON.stringify(Array.from({ length: 6000 }, (_, i) => i));
    expect(
      await outcomeOf(`const sum = (x: number[]) => x.reduce((a, b) => a + b); ${logged(`sum(${numbers})`)}`),
    ).toBe(17997000);
    expect(await outcomeOf(`const words = (x: string[]) => x.length; words(${numbers})`)).toMatch(/^TS2345 1:/);
  });

  test('keeps `as const`', async () => {
    expect(
      await outcomeOf(`const fixed = ${JSON.stringify(Array(3000).fill('on'))} as const; const on: "on" = fixed[5];`),
    ).toBeUndefined();
  });
});

describe('positions', () => {
  const lines = JSON.stringify(rowsOf(300), undefined, 1);

  test('of mistakes after the data are those of the cell', async () => {
    const before = `const a = 1;\nconst p = ${lines}; nope`;
    const count = before.split('\n').length;
    expect(await outcomeOf(before)).toBe(`TS2304 ${count}:${before.split('\n').at(-1)!.indexOf('nope') + 1}`);
  });

  test('of errors thrown after the data, too', async () => {
    const source = `const q = ${lines};\n\nthrow new Error("here")`;
    const { error } = await session.execute(source);
    expect(JSON.stringify(error)).toContain(`:${source.split('\n').length}`);
  });

  test('belong to a replacement of the same length and line count', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer(), fc.constantFrom('"a"', 'null', '{ a: [1, {}] }')), { minLength: 1 }),
        fc.boolean(),
        (some, narrow) => {
          const one = `[${some.join(narrow ? ',\n' : ', ')}]`;
          const source = `const x = [${Array(Math.ceil(22_000 / one.length))
            .fill(one)
            .join(', ')}];\nx`;
          const { text, data } = withoutData(source, parse(source));
          expect(text.length).toBe(source.length);
          expect(text.replace(/[^\n]/g, ' ')).toBe(source.replace(/[^\n]/g, ' '));
          for (const { start, text: literal } of data) expect(source.startsWith(literal, start)).toBe(true);
          expect(parse(text).parseDiagnostics).toEqual([]);
        },
      ),
      { seed: 3, numRuns: 50 },
    );
  });

  test.each([
    ['a call among the elements', `[f(), ${big.slice(1)}`],
    ['a spread', `[...a, ${big.slice(1)}`],
    ['`__proto__`', `[{ __proto__: null }, ${big.slice(1)}`],
    ['a hole', `[, ${big.slice(1)}`],
    ['a method', `[{ f() {} }, ${big.slice(1)}`],
  ])('%s: keeps the literal, except for data in it', (_, literal) => {
    const source = `const x = ${literal};`;
    expect(withoutData(source, parse(source)).data).toEqual([]);
  });
});

test('costs no more than parsing', async () => {
  const compile = (source: string) => {
    const start = performance.now();
    expect(session.compiler.compile(source).ok).toBe(true);
    return performance.now() - start;
  };
  const many = JSON.stringify(rowsOf(6000));
  compile(`const w = ${many}`);
  const whole = compile(`const w = ${many}`);
  const start = performance.now();
  for (let i = 0; i < 5; i++) ts.createSourceFile('w.ts', many, ts.ScriptTarget.Latest);
  // Measured 6 times as long as parsing; TypeScript's own check takes 60 times as long.
  expect(whole / ((performance.now() - start) / 5)).toBeLessThan(25);
});
