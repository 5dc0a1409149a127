// The op table rejects, on its own line, every rule that does not match the method's declaration.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { complaints, root, current as ts } from '../support/typescript';

/**
 * A family of one unary, one binary, one multi-output operation and one with optional inputs; `//!` marks the line that
 * must be rejected.
 */
const family = (changes: Partial<Record<'head' | 'one' | 'two' | 'several' | 'bounds', string>> = {}) => `
import '..';
import type { Tensor } from '../../tensor/tensor';
import { defineFunctions, defineOps } from './define';
import { notDifferentiable, notImplemented } from './rule';
${changes.head ?? ''}
interface Family {
  one(size: number): Tensor;
  one_(size: number): Tensor;
  two(other: Tensor | number): Tensor;
  several(): { values: Tensor; indices: Tensor };
  bounds(low?: Tensor | number, high?: Tensor): Tensor;
}
const of = {
  one: { name: 'f', params: ['input', 'size'] },
  two: { name: 'f', params: ['input', 'other'] },
  several: { name: 'f', params: ['input'] },
  bounds: { name: 'f', params: ['input', 'low', 'high'] },
} as const;
const common = { math: 'y', vjpMath: {}, batch: 'one by one' as const, samples: [] };
export const use = [defineFunctions, notDifferentiable, notImplemented];
defineOps<Family>({
${
  changes.one ??
  `  one: { ...common, torch: of.one, saves: ['x'], shape: (x, size) => [...x, size], forward: (x, size) => x.mul(size),
    vjp: { x: (dy, { x, args: [size] }) => dy.mul(x).mul(size) }, inPlace: true },`
}
${
  changes.two ??
  `  two: { ...common, torch: of.two, saves: { a: ['b'], b: ['y'] }, shape: (a) => a, forward: (a, b) => a.mul(b),
    vjp: { a: (dy, { b }) => dy.mul(b), b: notDifferentiable } },`
}
${
  changes.several ??
  `  several: { ...common, torch: of.several, saves: ['y'], returns: ['values', 'indices'], shape: (x) => [x, x], forward: (x) => [x, x],
    vjp: { x: (dys, { ys }) => dys[0].mul(ys[1]) } },`
}
${
  changes.bounds ??
  `  bounds: { ...common, torch: of.bounds, saves: { b: ['c'] }, shape: (a) => a, forward: (a, b, c) => a.mul(b ?? 1).mul(c ?? 1),
    vjp: { a: (dy) => dy, b: (dy, { c }) => dy.mul(c ?? 1), c: () => null } },`
}
});
`;

const cases: [string, string][] = [
  ['the family as it should be', family()],
  ['a missing rule', family({ two: '' }).replace('defineOps<Family>({', 'defineOps<Family>({ //!')],
  [
    'an extra rule',
    family({ one: `${/ {2}one: \{ \.{3}.*?inPlace: true },/s.exec(family())![0]}\n  three: { ...common }, //!` }),
  ],
  [
    'a missing gradient',
    family({
      two: '  two: { ...common, torch: of.two, saves: [], shape: (a) => a, forward: (a, b) => a.mul(b),\n    vjp: { a: (dy) => dy } }, //!',
    }),
  ],
  [
    'the gradient of an input that there is not',
    family({
      one: '  one: { ...common, torch: of.one, saves: [], shape: (x) => x, forward: (x) => x,\n    vjp: { x: (dy) => dy, b: (dy) => dy } }, //!',
    }),
  ],
  [
    'a gradient that is no tensor',
    family({
      one: '  one: { ...common, torch: of.one, saves: [], shape: (x) => x, forward: (x) => x,\n    vjp: { x: () => 1 } }, //!',
    }),
  ],
  [
    'a gradient that reads a number as a tensor',
    family({
      two: '  two: { ...common, torch: of.two, saves: [], shape: (a) => a, forward: (a, b) => a.mul(b), vjp: {\n    a: (dy, { b }) => dy.mul(b.sum()), //!\n    b: notDifferentiable } },',
    }),
  ],
  [
    'a gradient that takes an argument for another type',
    family({
      one: '  one: { ...common, torch: of.one, saves: [], shape: (x) => x, forward: (x) => x, vjp: {\n    x: (dy, { args: [size] }) => dy.mul(size.length) } }, //!',
    }),
  ],
  [
    'saving what there is not',
    family({
      one: "  one: { ...common, torch: of.one, shape: (x) => x, forward: (x) => x, vjp: { x: (dy) => dy },\n    saves: ['b'] }, //!",
    }),
  ],
  [
    'saving an output that there is not',
    family({
      several:
        "  several: { ...common, torch: of.several, returns: ['values', 'indices'], shape: (x) => [x, x], forward: (x) => [x, x],\n    vjp: { x: (dys) => dys[0] }, saves: ['indices', 'places'] }, //!",
    }),
  ],
  [
    'a gradient that reads an input as if it could not be left out',
    family({
      bounds:
        '  bounds: { ...common, torch: of.bounds, saves: [], shape: (a) => a, forward: (a) => a, vjp: { a: (dy) => dy,\n    b: (dy, { c }) => dy.mul(c), //!\n    c: () => null } },',
    }),
  ],
  [
    'a missing gradient of an input that may be left out',
    family({
      bounds:
        '  bounds: { ...common, torch: of.bounds, saves: [], shape: (a) => a, forward: (a) => a,\n    vjp: { a: (dy) => dy, b: () => null } }, //!',
    }),
  ],
  [
    'a forward of another type',
    family({
      one: '  one: { ...common, torch: of.one, saves: [], shape: (x) => x, vjp: { x: (dy) => dy },\n    forward: (x) => x.numel() }, //!',
    }),
  ],
  [
    'a forward with an argument of another type',
    family({
      one: '  one: { ...common, torch: of.one, saves: [], shape: (x) => x, vjp: { x: (dy) => dy },\n    forward: (x, size: string) => x }, //!',
    }),
  ],
  [
    'one result where there are several',
    family({
      several:
        "  several: { ...common, torch: of.several, saves: [], returns: ['values', 'indices'], shape: (x) => [x, x], vjp: { x: (dys) => dys[0] },\n    forward: (x) => x }, //!",
    }),
  ],
  [
    'results under other names',
    family({
      several:
        "  several: { ...common, torch: of.several, saves: [], shape: (x) => [x, x], forward: (x) => [x, x], vjp: { x: (dys) => dys[0] },\n    returns: ['values', 'places'] }, //!",
    }),
  ],
  [
    'a shape that is a number',
    family({
      one: '  one: { ...common, torch: of.one, saves: [], forward: (x) => x, vjp: { x: (dy) => dy },\n    shape: (x) => x.length }, //!',
    }),
  ],
  [
    'no shape',
    family({ one: '  one: { ...common, torch: of.one, saves: [], forward: (x) => x, vjp: { x: (dy) => dy } }, //!' }),
  ],
  [
    'a parameter without a name',
    family({
      one: '  one: { ...common, saves: [], shape: (x) => x, forward: (x) => x, vjp: { x: (dy) => dy },\n    torch: of.several }, //!',
    }),
  ],
  [
    'a name too many',
    family({
      two: '  two: { ...common, saves: [], shape: (a) => a, forward: (a) => a, vjp: { a: (dy) => dy, b: notDifferentiable },\n    torch: of.bounds }, //!',
    }),
  ],
  [
    'a misspelt key',
    family({
      one: '  one: { ...common, torch: of.one, saves: [], shape: (x) => x, forward: (x) => x, vjp: { x: (dy) => dy },\n    inplace: true }, //!',
    }),
  ],
  [
    'a missing batching rule',
    family({
      one: "  one: { torch: of.one, math: '', vjpMath: {}, samples: [], saves: [], shape: (x) => x, forward: (x) => x, //!\n    vjp: { x: (dy) => dy } },",
    }),
  ],
  [
    'formulas for an input that there is not',
    family({
      one: "  one: { torch: of.one, math: '', batch: 'one by one', samples: [], saves: [], shape: (x) => x, forward: (x) => x, vjp: { x: (dy) => dy },\n    vjpMath: { a: '' } }, //!",
    }),
  ],
];

// All in one program, as files beside the families that exist only in memory.
const file = (i: number) => join(root, 'src', 'ops', 'table', `family-${i}.ts`);
const sources = new Map(cases.map(([, text], i) => [file(i), text]));
const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config,
  ts.sys,
  root,
);
const host = ts.createCompilerHost(options);
const { readFile, fileExists } = host;
host.readFile = (name) => sources.get(name) ?? readFile(name);
host.fileExists = (name) => sources.has(name) || fileExists(name);
const program = ts.createProgram([...sources.keys()], { ...options, noUnusedParameters: false, noEmit: true }, host);

test.each(cases.map(([name], i) => [name, i] as const))('%s', (_, i) => {
  const source = program.getSourceFile(file(i))!;
  const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  const lines = found.map((d) => source.getLineAndCharacterOfPosition(d.start!).line);
  const marked = source.text.split('\n').flatMap((line, k) => (line.includes('//!') ? [k] : []));
  expect([...new Set(lines)], complaints(ts, found).join('\n')).toEqual(marked);
});
