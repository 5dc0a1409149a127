// The types of the `Jupyter` API: generated from the widgets' sources, and correct in cells.
import path from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';
import { paths } from '../../../kernel-setup/setup/paths.mjs';
import { beginCell, Jupyter, widgets } from './session';

const widgetTypes = path.join(path.dirname(paths.cellTypes), 'widgets.d.ts');

/** Errors of cells that use the API; each cell is a separate file. */
function check(cells: readonly string[], strict: boolean): string[][] {
  const options: ts.CompilerOptions = {
    strict,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    typeRoots: [path.join(paths.root, 'node_modules', '@types')],
    types: ['node'],
  };
  const files = new Map(cells.map((cell, i) => [path.join(paths.root, `cell-${i}.ts`), `export {};\n${cell}`]));
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.readFile = (file) => files.get(file) ?? readFile(file);
  host.getSourceFile = (file, target, ...rest) => {
    const text = files.get(file);
    return text === undefined ? getSourceFile(file, target, ...rest) : ts.createSourceFile(file, text, target);
  };
  const program = ts.createProgram([...files.keys(), paths.cellTypes], options, host);
  const messages = (file?: ts.SourceFile) =>
    ts.getPreEmitDiagnostics(program, file).map((d) => ts.flattenDiagnosticMessageText(d.messageText, ' '));
  const declarations = [paths.cellTypes, widgetTypes].flatMap((file) => messages(program.getSourceFile(file)));
  return [declarations, ...[...files.keys()].map((file) => messages(program.getSourceFile(file)))];
}

const slider = 'const s = new Jupyter.widgets.IntSlider({ value: 3, max: 10 });';
const right = [
  `${slider} const n: number = s.value; s.set({ min: 1, max: 5 });`,
  `const s = Jupyter.widgets.FloatSlider({ layout: { width: '50%' }, style: { handleColor: 'red' } });
   s.layout = { height: '1em' }; s.layout.width = '2em'; const l: Jupyter.widgets.Layout = s.layout;`,
  `${slider} s.observe(({ name, new: now, owner }) => { const v: 'value' = name; const n: number = now; owner.close(); }, 'value');
   s.observe((c) => console.log(c.name, c.new)); s.observe(() => 1, ['min', 'max']); s.unobserve();`,
  `const d = Jupyter.widgets.Dropdown({ options: ['a', 'b'], description: 'x' }); const v: 'a' | 'b' = d.value;`,
  `const d = Jupyter.widgets.Dropdown({ options: [['x', 10], ['y', 20]], value: 20 }); const v: 10 | 20 = d.value;`,
  `const d = Jupyter.widgets.Select({ options: [['sin', Math.sin], ['cos', Math.cos]] }); const y: number = d.value(1);`,
  `const names: string[] = ['a']; const d = Jupyter.widgets.ToggleButtons({ options: names }); d.value = 'b'; d.options = ['c'];`,
  `const d = Jupyter.widgets.SelectionSlider({ options: { one: 1, two: 2 } }); const n: number = d.value;`,
  `const d = Jupyter.widgets.SelectMultiple({ options: [1, 2, 3], value: [2] }); const v: readonly number[] = d.value;`,
  `${slider} const b = Jupyter.widgets.VBox([s, Jupyter.widgets.HBox({ children: [s] })], { domClasses: ['x'] });
   const w: Jupyter.widgets.Widget = b; const is: boolean = w instanceof Jupyter.widgets.Widget; const all: Jupyter.widgets.AnyWidget[] = [s, b];`,
  `const o = Jupyter.widgets.Output(); const n: number = o.capture(() => 3); const p: Promise<string> = o.capture(async () => 'x');`,
  `${slider} Jupyter.widgets.jslink([Jupyter.widgets.Play({ interval: 5 }), 'value'], [s, 'value']).unlink();`,
  `Jupyter.widgets.Button({ description: 'go' }).onClick((b) => { b.disabled = true; });`,
  `const [low, high]: readonly [number, number] = Jupyter.widgets.IntRangeSlider({ value: [2, 5] }).value;`,
  `class Mine extends Jupyter.widgets.IntSlider { twice() { return 2 * this.value; } } const n: number = new Mine({ value: 1 }).twice();`,
  `Jupyter.registerTarget('t', (comm, opening) => {
     comm.onMsg((m) => comm.send({ sum: m.content.data.a + m.data.b }, { buffers: m.buffers })); comm.onClose(() => 0); });
   const c = new Jupyter.Comm({ target_name: 't', data: { a: 1 }, metadata: {}, buffers: [new Uint8Array(1)] }); c.send({}); c.close();`,
  `await Jupyter.display({ 'text/html': 'x' }, { raw: true, displayId: 'a', update: true }); Jupyter.clearOutput({ wait: true });
   await Jupyter.broadcast('x', { a: 1 }, { buffers: [new Uint8Array(1)] }); const s: string = await Jupyter.input('x', { password: true });`,
];
const wrong: [cell: string, message: RegExp][] = [
  [`Jupyter.widgets.IntSlider({ value: 'x' });`, /'string' is not assignable to type 'number'/],
  ['Jupyter.widgets.IntSlider({ continuous_update: true });', /'continuousUpdate'/],
  [`Jupyter.widgets.Dropdown({ options: ['a', 'b'], value: 'c' });`, /'"c"' is not assignable/],
  [`Jupyter.widgets.Dropdown({ optoins: ['a'] });`, /'optoins' does not exist|'options'/],
  [`${slider} s.observe(() => 1, 'vaule');`, /"vaule"/],
  [`${slider} s.layout = { widht: '3' };`, /'widht'/],
  [`const d = Jupyter.widgets.Dropdown({ options: ['a'] }); d.value = 'z';`, /"z"/],
  [`Jupyter.widgets.Button({ buttonStyle: 'loud' });`, /"loud"/],
  ['Jupyter.widgets.HBox([1]);', /No overload|not assignable/],
  [`new Jupyter.Comm({ data: {} });`, /target_name/],
];

describe.each([true, false])('in cells with strict %s', (strict) => {
  let results: string[][];

  beforeAll(() => {
    results = check([...right, ...wrong.map(([cell]) => cell)], strict);
  });

  test('the declarations have no error', () => expect(results[0]).toEqual([]));

  test.each(right.map((cell, i) => [cell, i] as const))('right: %s', (_, i) => expect(results[i + 1]).toEqual([]));

  test.each(wrong.map(([cell, message], i) => [cell, message, i] as const))('wrong: %s', (_, message, i) =>
    expect(results[right.length + i + 1].join(' ')).toMatch(message),
  );
});

test('every declaration exists', () => {
  beginCell();
  const program = ts.createProgram([paths.cellTypes], { types: [] });
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(paths.cellTypes)!;
  const api = checker.getSymbolsInScope(file, ts.SymbolFlags.Namespace).find(({ name }) => name === 'Jupyter')!;
  const valuesIn = (symbol: ts.Symbol) =>
    checker.getExportsOfModule(symbol).filter(({ flags }) => flags & ts.SymbolFlags.Value);
  const declared = valuesIn(api);
  expect(declared.map(({ name }) => name).toSorted()).toEqual(Object.keys(Jupyter).toSorted());
  const inWidgets = valuesIn(declared.find(({ name }) => name === 'widgets')!);
  expect(inWidgets.map(({ name }) => name).toSorted()).toEqual(Object.keys(widgets).toSorted());
  // Every method and attribute of every widget.
  for (const symbol of inWidgets.filter(({ name }) => /^[A-Z]/.test(name) && name !== 'Widget')) {
    const type = checker.getDeclaredTypeOfSymbol(symbol);
    const missing = type.getProperties().filter(({ name }) => !(name in widgets[symbol.name].prototype));
    expect([symbol.name, missing.map(({ name }) => name)]).toEqual([symbol.name, []]);
  }
});
