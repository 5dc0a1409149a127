// A tsconfig.json beside the notebook applies to cells and local files: types, names, elements and decorators.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { CellSession } from '../support/cell-session';

let session: CellSession;

beforeAll(async () => {
  session = await CellSession.start({
    'lib/part.ts':
      'import { deep } from "@/lib/deep/deep"; export const part = deep + 1; export class Part { private p = 1 }',
    'lib/deep/deep.ts': 'export const deep = 41',
    'jsx.ts': `export const h = (tag: any, props: any, ...children: any[]): any =>
      typeof tag === 'function' ? tag({ ...props, children }) : [tag, props ?? {}, children.flat()];
    declare global { namespace JSX { interface IntrinsicElements { [name: string]: { id?: string } } interface Element { 0: string } } }`,
    'node_modules/tiny/package.json': '{ "name": "tiny", "version": "1.0.0" }',
    'node_modules/tiny/jsx-runtime.js':
      'exports.jsx = exports.jsxs = (tag, props) => ({ tag, ...props }); exports.Fragment = "fragment"',
    'node_modules/tiny/jsx-runtime.d.ts': `export namespace JSX { interface Element { tag: string; children?: unknown }
      interface IntrinsicElements { b: { children?: unknown } } }
      export function jsx(tag: unknown, props: object): JSX.Element; export const jsxs: typeof jsx; export const Fragment: string;`,
  });
});
afterAll(() => session?.close());
beforeEach(() => configure({}));

const configure = (compilerOptions: object, rest: object = {}) =>
  session.write({ 'tsconfig.json': JSON.stringify({ compilerOptions, ...rest }) });

/** The error codes of a cell. */
async function codes(source: string): Promise<number[]> {
  return (await session.execute(source)).diagnostics.map(({ code }) => code);
}

/** The text of a cell's result. */
async function resultOf(source: string): Promise<unknown> {
  const { data, diagnostics, error } = await session.execute(source);
  expect(error?.traceback ?? diagnostics.map(({ message }) => message)).toEqual([]);
  return data?.['text/plain'];
}

test("strictness: the default without the file, else the file's, from the next cell on", async () => {
  const cell = 'function f(x) { return x } const s: string = null; f(s)';
  expect(await codes(cell)).toEqual([]);
  configure({ strict: true });
  expect(await codes(cell)).toEqual([7006, 2322]);
  configure({ strictNullChecks: true });
  expect(await codes(cell)).toEqual([2322]);
  configure({ noUncheckedIndexedAccess: true, strict: true });
  expect(await codes('const first: number = [1][0]; first')).toEqual([2322]);
});

test('settings that it extends', async () => {
  session.write({ 'base.json': '{ "compilerOptions": { "noImplicitAny": true } }' });
  configure({}, { extends: './base.json' });
  expect(await codes('const g = (x) => x; g')).toEqual([7006]);
});

test('paths: in cells, local files, import() and types', async () => {
  configure({ paths: { '@/*': ['./*'], part: ['./lib/part.ts'] } });
  expect(await resultOf('import { part } from "part"; part')).toBe('42');
  expect(await resultOf('import { deep } from "@/lib/deep/deep"; deep')).toBe('41');
  expect(await resultOf('const { part: again } = await import("@/lib/part"); again')).toBe('42');
  expect(
    await resultOf(
      'import type { Part } from "part"; import { Part as Same } from "./lib/part"; const p: Part = new Same(); typeof p',
    ),
  ).toBe("'object'");
  expect(
    await resultOf('import { Part as One } from "part"; import { Part as Other } from "./lib/part"; One === Other'),
  ).toBe('true');
});

test('the library, by target or by name', async () => {
  configure({ target: 'ES2019' });
  expect(await codes('[1].toSorted()')).toEqual([2550]);
  configure({ lib: ['ES2023', 'DOM'] });
  expect(await codes('let page: HTMLElement; [1].toSorted()')).toEqual([]);
});

test('elements: with a custom function, and from a package', async () => {
  configure({ jsx: 'react', jsxFactory: 'h' });
  expect(
    await resultOf(
      'import { h } from "./jsx"; const inner = <i id="x">text</i>; JSON.stringify(<b>{inner}{1 + 1}</b>)',
    ),
  ).toBe(`'["b",{},["i",{"id":"x"},["text"],2]]'`);
  expect(await codes('<b id={5} />')).toEqual([2322]);
  expect(await resultOf('(<b/>)[0]')).toBe("'b'"); // by the function of an earlier cell
  configure({ jsx: 'react-jsx', jsxImportSource: 'tiny' });
  expect(await resultOf('JSON.stringify(<b>text</b>)')).toBe(`'{"tag":"b","children":"text"}'`);
  expect(await codes('<c />')).toEqual([2339]);
});

test("decorators: ECMAScript's, or the earlier ones if the file says so", async () => {
  const standard = `function twice(method: (n: number) => number, context: ClassMethodDecoratorContext) {
  return function (this: unknown, n: number) { return 2 * method.call(this, n); };
}
class Calculator { @twice inc(n: number) { return n + 1 } }
new Calculator().inc(2)`;
  expect(await resultOf(standard)).toBe('6');
  const earlier = `function plus(_: any, key: string, d: PropertyDescriptor) { const o = d.value; d.value = function () { return o.call(this) + key } }
class Earlier { @plus m() { return 'm' } } new Earlier().m()`;
  expect(await codes(earlier)).toEqual([1241]);
  configure({ experimentalDecorators: true });
  expect(await resultOf(earlier)).toBe("'mm'");
});

test('reports mistakes and unsupported settings with each cell; the host shows them once', async () => {
  const notesOf = (source: string) => {
    const compiled = session.compiler.compile(source);
    return compiled.ok ? compiled.notes : [];
  };
  configure({ outFile: 'all.js', verbatimModuleSyntax: true, stirct: true });
  const notes = notesOf('1');
  expect(notes).toHaveLength(2);
  expect(notes[0]).toMatch(/^tsconfig\.json: Unknown compiler option 'stirct'/);
  expect(notes[1]).toMatch(/^tsconfig\.json: `outFile`, `verbatimModuleSyntax` do not apply to cells/);
  expect(notesOf('2')).toEqual(notes);
  session.write({ 'tsconfig.json': '{ "compilerOptions": { "strict": true ' });
  expect(notesOf('3')).toHaveLength(1);
  // Cells can import and export, whatever module format the project compiles to.
  for (const module of ['NodeNext', 'CommonJS', 'AMD'])
    for (const moduleResolution of module === 'NodeNext' ? ['NodeNext'] : ['Node10', 'Classic']) {
      configure({ module, moduleResolution, outDir: 'out', declaration: true, noEmit: true });
      expect([module, moduleResolution, ...notesOf('4')]).toEqual([
        ...[module, moduleResolution],
        ...(moduleResolution === 'Classic' ? [expect.stringMatching(/`moduleResolution` does not apply/)] : []),
      ]);
    }
  expect(await resultOf('1 + 1')).toBe('2');
});
