// Completion without types: inspects the value of an earlier cell, without running code.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CellSession, failureOf } from '../support/cell-session';

let session: CellSession;

const cells = [
  `const text = '{ "alpha": 1, "beta": { "gamma": [{ "delta": 2 }], "odd key": 3 } }'
const data = JSON.parse(text)
const unknownOf: unknown = { inUnknown: 1 }
const table: Record<string, number> = { first: 1 }`,
  `let ran = 0
const lazy: any = { get value() { ran++; return { inner: 1 } }, plain: { inPlain: 1 }, call() {} }
const watched: any = new Proxy({ secret: 1 }, {
  get() { ran++ }, ownKeys() { ran++; return [] }, getPrototypeOf() { ran++; return null },
  getOwnPropertyDescriptor() { ran++; return undefined }, has() { ran++; return true } })
const holder: any = { watched, below: Object.create(watched, { own: { value: 1 } }) }
class Counter { #n = 1; field = 2; get n() { ran++; return this.#n } up() {} }
const counter: any = new Counter(), list: any = [1, 2], long: any = new Float64Array(1e6), word: any = 'word'
const act: any = Object.assign(() => 1, { extra: 1 }), none: any = null`,
];

beforeAll(async () => {
  session = await CellSession.start();
  for (const cell of cells) expect(failureOf(await session.execute(cell))).toBe('');
});

afterAll(() => session?.close());

describe('members of a live value', () => {
  test.each<[string, string, string[]]>([
    ['data.|', '', ['alpha', 'beta']],
    ['data.al|', 'al', ['alpha', 'beta']],
    ['data.al|pha + 1', 'alpha', ['alpha', 'beta']],
    ['data.beta.gamma[0].|', '', ['delta']],
    ['data["beta"].|', '', ['gamma', 'odd key']],
    ['data.beta["|"]', '', ['gamma', 'odd key']],
    ['data.beta["od|', 'od', ['gamma', 'odd key']],
    ['data?.beta?.|', '', ['gamma', 'odd key']],
    ['(data as any).beta!.|', '', ['gamma', 'odd key']],
    ['console.log(`${data.|}`)', '', ['alpha', 'beta']],
    ['[1].map((x) => x + data.|)', '', ['alpha', 'beta']],
    ['data.|\nrun()', '', ['alpha', 'beta']],
    ['JSON.parse(\'{ "direct": 1 }\').|', '', ['direct']],
    ['JSON.parse(text).beta.|', '', ['gamma', 'odd key']],
    ['const own = JSON.parse("{\\"a\\": { \\"b\\": 1 }}");\nconst part = own.a;\npart.|', '', ['b']],
    ['const data = await load();\ndata.|', '', ['alpha', 'beta']],
    ['unknownOf.|', '', ['inUnknown']],
    ['table.|', '', ['first']],
    ['lazy.|', '', ['value', 'plain', 'call']],
    ['lazy.plain.|', '', ['inPlain']],
    ['counter.|', '', ['field', 'n', 'up']],
    ['act.|', '', ['extra', 'apply', 'bind', 'call', 'toString']],
  ])('%s', async (marked, replaced, names) => {
    expect(await session.completionsAt(marked)).toEqual({ replaced, names });
  });

  test('offers environment variables', async () => {
    const { names } = await session.completionsAt('process.env.PA|');
    expect(names).toEqual(expect.arrayContaining(['PATH']));
    expect((await session.completionsAt('process.env["|"]')).names).toContain('PATH');
  });

  test('offers methods of lists and texts, but no indices', async () => {
    for (const [name, method] of [
      ['list', 'toSorted'],
      ['long', 'subarray'],
      ['word', 'toUpperCase'],
    ]) {
      const { names } = await session.completionsAt(`${name}.|`);
      expect(names).toContain(method);
      expect(names).not.toContain('0');
    }
  });

  test('runs no code: neither getters nor proxies', async () => {
    for (const marked of [
      'lazy.value.|',
      'lazy.value["|"]',
      'watched.|',
      'watched.secret.|',
      'holder.watched.|',
      'counter.n.|',
    ])
      expect((await session.completionsAt(marked)).names).toEqual([]);
    expect((await session.completionsAt('holder.below.|')).names).toEqual(['own']);
    expect((await session.execute('ran')).data?.['text/plain']).toBe('0');
  });

  test('offers nothing for names without a value', async () => {
    for (const marked of ['none.|', 'nowhere.|', 'data.gone.|', 'load().|', 'JSON.parse("{").|', 'JSON.parse().|'])
      expect((await session.completionsAt(marked)).names).toEqual([]);
  });

  test('prefers types if they are sufficient', async () => {
    expect((await session.completionsAt('text.toUp|')).names).toContain('toUpperCase');
  });
});

describe('parsed JSON can be used', () => {
  test.each([
    'const { a } = await new Response(\'{ "a": 1 }\').json(); a',
    'const body = await new Response(\'{ "a": 1 }\').json(); body.a',
    '(await new Request("http://localhost", { method: "POST", body: \'{ "a": 1 }\' }).json()).a',
    'import { json } from "node:stream/consumers"; import { Readable } from "node:stream"; (await json(Readable.from([\'{"a":1}\']))).a',
  ])('%s', async (cell) => {
    const ran = await session.execute(cell);
    expect(failureOf(ran)).toBe('');
    expect(ran.data?.['text/plain']).toBe('1');
  });
});
