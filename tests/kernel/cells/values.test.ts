// Values with a display convention: elements, charts, pictures, data frames; and large objects.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CellSession } from '../support/cell-session';

let session: CellSession;

beforeAll(async () => {
  session = await CellSession.start();
  await session.execute('const { Jupyter } = globalThis as any');
});
beforeEach(() => session.clear());
afterAll(() => session?.close());

/** The result of a cell, by MIME type. */
async function shown(cell: string) {
  const { ok, data, error, output, diagnostics } = await session.execute(cell);
  expect({ ok, error, output, diagnostics }).toEqual({ ok: true, error: undefined, output: '', diagnostics: [] });
  return data!;
}

describe('elements of a page', () => {
  test('shows HTML, whole documents and fragments', async () => {
    expect(await shown('({ outerHTML: "<p class=a>1 &lt; 2</p>" })')).toEqual({
      'text/html': '<p class=a>1 &lt; 2</p>',
      'text/plain': '<p class=a>',
    });
    expect(await shown('({ nodeType: 9, documentElement: { outerHTML: "<html></html>" } })')).toMatchObject({
      'text/html': '<html></html>',
    });
    const fragment = '({ nodeType: 11, childNodes: [{ outerHTML: "<b>1</b>" }, { textContent: " and" }] })';
    expect(await shown(fragment)).toMatchObject({ 'text/html': '<b>1</b> and' });
  });

  test('shows lists of elements, and objects with a document', async () => {
    const list = `class NodeList { [at: number]: object; length = 2; item() {} }
Object.assign(new NodeList(), [{ nodeType: 1, outerHTML: "<p>1</p>" }, { nodeType: 3, textContent: "two" }])`;
    expect(await shown(list)).toEqual({
      'text/html': '<p>1</p>\ntwo',
      'text/plain': 'NodeList(2) [ <p>, two ]',
    });
    expect((await shown('({ length: 1, 0: { nodeType: "x" }, item() {} })'))['text/html']).toBeUndefined();
    const page =
      '({ serialize() {}, window: { document: { nodeType: 9, documentElement: { outerHTML: "<html>" } } } })';
    expect(await shown(page)).toEqual({ 'text/html': '<html>', 'text/plain': '<html>' });
    expect((await shown('({ serialize() {}, window: {} })'))['text/html']).toBeUndefined();
  });

  test('shows SVG alone, with the namespaces that a picture needs', async () => {
    const svg = (head: string, body = '') => `<svg${head}>${body}</svg>`;
    const space = ' xmlns="http://www.w3.org/2000/svg"';
    const of = async (text: string) => (await shown(`({ outerHTML: ${JSON.stringify(text)} })`))['image/svg+xml'];
    expect(await of(svg(' width="3"'))).toBe(svg(`${space} width="3"`));
    expect(await of(svg(space))).toBe(svg(space));
    expect(await of(svg(space, '<use xlink:href="#a"/>'))).toBe(
      svg(` xmlns:xlink="http://www.w3.org/1999/xlink"${space}`, '<use xlink:href="#a"/>'),
    );
    const serialized = `class XMLSerializer { serializeToString = (node: { xml: string }) => node.xml }
({ outerHTML: "<svg><br></svg>", xml: '<svg${space}><br/></svg>', ownerDocument: { defaultView: { XMLSerializer } } })`;
    expect(await shown(serialized)).toEqual({
      'image/svg+xml': svg(space, '<br/>'),
      'text/plain': '<svg>',
    });
  });
});

test('shows charts of Vega and Vega-Lite: builders and specifications', async () => {
  const schema = (name: string) => `https://vega.github.io/schema/${name}.json`;
  const made = `({ toSpec: () => ({ $schema: "${schema('vega-lite/v5')}", mark: "bar" }) })`;
  expect(await shown(made)).toMatchObject({
    'application/vnd.vegalite.v5+json': { $schema: schema('vega-lite/v5'), mark: 'bar' },
    'text/plain': expect.stringContaining('toSpec'),
  });
  expect(await shown('({ toSpec: () => ({ mark: "point" }) })')).toMatchObject({
    'application/vnd.vegalite.v5+json': { mark: 'point' },
  });
  expect(Object.keys(await shown(`({ $schema: "${schema('vega/v5')}", marks: [] })`))).toContain(
    'application/vnd.vega.v5+json',
  );
  // Front ends do not know later versions, but draw them.
  expect(Object.keys(await shown(`({ $schema: "${schema('vega-lite/v6')}", mark: "bar" })`))).toContain(
    'application/vnd.vegalite.v5+json',
  );
  for (const none of ['{ toSpec: () => 5 }', '{ $schema: "http://json-schema.org/draft-07/schema#" }', '{ toSpec: 1 }'])
    expect(Object.keys(await shown(`(${none})`))).toEqual(['text/plain']);
});

describe('bytes', () => {
  const png = '137, 80, 78, 71, 13, 10, 26, 10, 0';
  const base64 = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10, 0]).toString('base64');

  test.each([`new Uint8Array([${png}])`, `Buffer.from([${png}])`, `new Uint8Array([${png}]).buffer`])(
    'of a picture: %s',
    async (cell) => {
      expect(await shown(cell)).toEqual({ 'image/png': base64, 'text/plain': '9 bytes, image/png' });
    },
  );

  test.each([
    ['image/jpeg', '\\xff\\xd8\\xff\\xe0'],
    ['image/gif', 'GIF89a'],
    ['image/webp', 'RIFF\\0\\0\\0\\0WEBPVP8 '],
    ['application/pdf', '%PDF-1.7'],
  ])('of %s', async (mime, start) => {
    expect(Object.keys(await shown(`Buffer.from("${start}", "latin1")`))).toEqual([mime, 'text/plain']);
  });

  test('of any other kind stay bytes', async () => {
    for (const cell of ['new Uint8Array(3)', 'Buffer.from("RIFF....WAVE")', `new Float64Array([${png}])`])
      expect(Object.keys(await shown(cell))).toEqual(['text/plain']);
  });

  test('in a blob of that type, and on a canvas, immediately or later', async () => {
    expect(await shown(`new Blob([new Uint8Array([${png}])], { type: "image/png" })`)).toMatchObject({
      'image/png': base64,
    });
    expect(await shown('new Blob(["<svg/>"], { type: "image/svg+xml" })')).toMatchObject({ 'image/svg+xml': '<svg/>' });
    expect(Object.keys(await shown('new Blob(["a"], { type: "text/plain" })'))).toEqual(['text/plain']);
    const url = `"data:image/png;base64,${base64}"`;
    for (const canvas of [`toDataURL: () => ${url}`, `toDataURL: async () => ${url}`])
      expect(await shown(`({ ${canvas} })`)).toEqual({ 'image/png': base64, 'text/plain': 'image/png' });
  });
});

describe('data frames', () => {
  const frames: Record<string, string> = {
    arquero: `({ numRows: () => 2, columnNames: () => ["n", "name"], get: (name: string, row: number) => rows[row][name === "n" ? 0 : 1] })`,
    Arrow: `({ numRows: 2, schema: { fields: [{ name: "n" }, { name: "name" }] }, getChildAt: (i: number) => ({ get: (row: number) => rows[row][i] }) })`,
    polars: `({ height: 2, columns: ["n", "name"], row: (i: number) => rows[i], getColumn() {} })`,
    Danfo: `({ shape: [2, 2], columns: ["n", "name"], values: rows, iloc() {}, head() {} })`,
  };

  beforeAll(() => session.execute('const rows: unknown[][] = [[1, "a<b"], [10n, new Date(0)]];'));

  test.each(Object.keys(frames))('of %s: a table with its size', async (name) => {
    const { 'text/html': html, 'text/plain': text } = await shown(frames[name]);
    expect(String(html).replace(/ style="text-align: (left|right)"/g, '')).toBe(`<table>
<thead><tr><th>n</th><th>name</th></tr></thead>
<tbody>
<tr><td>1</td><td>a&lt;b</td></tr>
<tr><td>10</td><td>1970-01-01T00:00:00.000Z</td></tr>
</tbody>
</table>
<p>2 rows × 2 columns</p>`);
    expect(text).toBe(' n  name\n 1  a<b\n10  1970-01-01T00:00:00.000Z\n\n2 rows × 2 columns');
  });

  test('shows a series of Danfo as a table of one column', async () => {
    const series = '({ shape: [2, 1], columns: ["n"], values: [1, 2], iloc() {}, head() {} })';
    expect((await shown(series))['text/plain']).toBe('n\n1\n2\n\n2 rows × 1 column');
  });

  test('shortens large tables in the middle', async () => {
    const cell = `const names = Array.from({ length: 30 }, (_, i) => "c" + i);
({ numRows: () => 1_000_000, columnNames: () => names, get: (name: string, row: number) => row })`;
    const { 'text/html': html, 'text/plain': text } = await shown(cell);
    expect(String(html).match(/<tr>/g)).toHaveLength(1 + 5 + 1 + 5);
    expect(String(html)).toContain('<p>1,000,000 rows × 30 columns</p>');
    const [head, first] = String(text).split('\n');
    expect(head.trim().split(/ +/)).toHaveLength(21);
    expect(first.trim().split(/ +/)[10]).toBe('…');
    expect(String(text)).toMatch(/\n999999 /);
  });

  test('adds the size to a frame with its own display; without rows it is a table', async () => {
    const own = frames.polars.replace(
      '({',
      '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<table></table>" }),',
    );
    expect((await shown(own))['text/html']).toBe('<table></table>\n<p>2 rows × 2 columns</p>');
    expect((await shown(frames.arquero.replace('=> 2', '=> 0')))['text/html']).toMatch(/0 rows × 2 columns/);
  });
});

describe('objects with thousands of entries', () => {
  const large = 'const large = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => ["k" + i, i]));';
  const lines = async (cell: string) => String((await shown(cell))['text/plain']).split('\n');

  test('are cut after a thousand, without changing the object', async () => {
    const text = await lines(`${large}\nlarge`);
    expect(text).toHaveLength(1000 + 3);
    expect(text.slice(-3)).toEqual(['  k999: 999,', '  ... 4000 more items', '}']);
    expect(await lines('Object.keys(large).length + Object.getOwnPropertySymbols(large).length')).toEqual(['5000']);
    const justEnough = await lines('Object.fromEntries(Object.entries(large).slice(0, 1000))');
    expect(justEnough.at(-2)).toBe('  k999: 999');
  });

  test('also nested, with a class, a getter or a cycle', async () => {
    const inside = await lines('({ a: [large], b: 1 })');
    expect(inside).toHaveLength(1000 + 8);
    expect(inside.join('\n')).toMatch(/4000 more items\n[\s\S]*b: 1/);
    const cell = `class Book { self: unknown; get costly(): number { throw new Error("ran"); } }
const book = Object.assign(new Book(), large); book.self = book;
Object.defineProperty(book, "lazy", { enumerable: true, get() { throw new Error("ran"); } });
book`;
    const [head, ...rest] = await lines(cell);
    expect(head).toBe('<ref *1> Book {');
    expect(rest).toContain('  self: [Circular *1],');
    expect(rest.at(-2)).toBe('  ... 4002 more items');
  });
});

test('shows HTML, Markdown and SVG inline', async () => {
  expect(await shown('Jupyter.html`<b>${1 + 1}</b>`')).toEqual({ 'text/html': '<b>2</b>' });
  expect(await shown('Jupyter.md("# Title")')).toEqual({ 'text/markdown': '# Title' });
  expect(await shown('Jupyter.svg`<svg/>`')).toEqual({ 'image/svg+xml': '<svg/>' });
});

test('falls back to text with a note if a convention fails', async () => {
  const { ok, data, output } = await session.execute('({ toSpec() { throw new Error("no data"); } })');
  expect(ok).toBe(true);
  expect(data).toEqual({ 'text/plain': '{ toSpec: [Function: toSpec] }' });
  expect(output).toMatch(/could not be shown.*no data/s);
});

describe('values that compute or hold numbers', () => {
  const sharp = (buffer: string, more = '') =>
    `({ clone() { return this }, png() { return this }, metadata() {}, ${more} async toBuffer() { return ${buffer} } })`;
  const png = 'Uint8Array.from([137, 80, 78, 71, 13, 10, 26, 10])';

  test('runs steps that make a picture, unless they wait for bytes or it is too large', async () => {
    expect(await shown(sharp(png))).toEqual({ 'image/png': 'iVBORw0KGgo=', 'text/plain': '8 bytes, image/png' });
    expect((await shown(sharp(png, 'options: { input: { buffer: [] } },')))['image/png']).toBeUndefined();
    expect((await shown(sharp(`Object.assign(new Uint8Array(6e6), ${png})`)))['image/png']).toBeUndefined();
  });

  test('shows a tensor of TensorFlow.js, unless it is disposed', async () => {
    const tensor = (isDisposed: boolean) =>
      `({ shape: [2], dtype: "int32", isDisposed: ${isDisposed}, dataSync() {}, toString: (all: boolean) => "of " + all })`;
    expect(await shown(tensor(false))).toEqual({ 'text/plain': 'of true' });
    expect((await shown(tensor(true)))['text/plain']).toContain('dataSync');
  });

  test('shows results of DuckDB, complete or in parts', async () => {
    const text = 'n  name\n1  one\n2  two\n3  three\n\n3 rows × 2 columns';
    const rows = 'const rows = [[1, "one"], [2, "two"], [3, "three"]]; const columnNames = () => ["n", "name"];';
    const reader = `${rows} ({ columnNames, currentRowCount: 3, getRows() {}, value: (column: number, row: number) => rows[row][column] })`;
    expect((await shown(reader))['text/plain']).toBe(text);
    const part =
      'const part = (from: number, rowCount: number) => ({ rowCount, getRowValues: (i: number) => rows[from + i] });';
    const result = `${rows} ${part} ({ columnNames, rowCount: 3, chunkCount: 2, getChunk: (i: number) => [part(0, 2), part(2, 1)][i] })`;
    expect((await shown(result))['text/plain']).toBe(text);
  });
});
