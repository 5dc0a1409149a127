import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Node, Symbol as TypeScriptSymbol } from 'typescript';
import { beforeAll, expect, test } from 'vitest';
import { buildIfStale } from '../../kernel-setup/setup/build.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { cellOptions, complaints, root, current as ts } from '../support/typescript';

/** The folders of src/ in reading order; each imports values only from itself and earlier ones. */
const layers = [
  'errors',
  'bytes',
  'describe',
  'nested-values',
  'surplus',
  'platform',
  'cancellation',
  'generator',
  'option-kinds',
  'option-names',
  'options',
  'kernels',
  'settings',
  'random',
  'tensor',
  'display',
  'autograd',
  'ops',
  'custom-ops',
  'transforms',
  'inspection',
  'nn',
  'func',
  'optim',
  'data',
  'io',
  'trees',
  'training',
  'tuner',
  'index',
  // The laboratory imports the library, but the library never imports the laboratory.
  'lab/numeric',
  'lab/datasets',
  'lab/classic',
  'lab/signal-propagation',
  'lab/plot',
  'lab/races',
  'lab/training-display',
  'lab/study-display',
  'lab/graph-drawing',
  'lab/notebook',
  'lab/training-buttons',
  'lab/lessons',
  'lab/index',
];

const dist = join(root, 'dist');
const src = join(root, 'src');
const filesIn = (folder: string, ending: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith(ending))
    .sort();
const sources = () => filesIn(src, '.ts');
/** The folder or file of src/; in the laboratory that of src/lab/. */
const layerOf = (file: string) => {
  const parts = file.split(/[\\/]/);
  return (parts[0] === 'lab' ? `lab/${parts[1] ?? 'index'}` : parts[0]).replace(/\.ts$/, '');
};

/** The value imports of each source: compiling removes type-only imports. */
const imported = new Map<string, string[]>();
function importsOf(file: string): string[] {
  const known = imported.get(file);
  if (known !== undefined) return known;
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS };
  const { outputText } = ts.transpileModule(readFileSync(join(src, file), 'utf8'), { compilerOptions: options });
  const calls = outputText.matchAll(/(?:require|import|getBuiltinModule)\(["']([^"']*)["']\)/g);
  const targets = [...calls].map(([, target]) => target);
  imported.set(file, targets);
  return targets;
}

beforeAll(() => buildIfStale(paths), 120_000);

test('every file belongs to a layer', () => {
  expect(sources().length).toBeGreaterThan(60);
  expect([...new Set(sources().map(layerOf))].filter((layer) => !layers.includes(layer))).toEqual([]);
});

test('a folder imports values only from folders above it', () => {
  const upward: string[] = [];
  let imports = 0;
  for (const file of sources())
    for (const target of importsOf(file).filter((t) => t.startsWith('.'))) {
      imports++;
      const to = layerOf(relative(src, join(src, dirname(file), target)));
      if (layers.indexOf(to) > layers.indexOf(layerOf(file))) upward.push(`${file} imports ${target}`);
    }
  expect(imports).toBeGreaterThan(100);
  expect(upward).toEqual([]);
});

/** The sources that a file imports, types included. */
function sourcesImportedBy(file: string, all: ReadonlySet<string>): string[] {
  const text = readFileSync(join(src, file), 'utf8');
  const targets = [...text.matchAll(/\bfrom '(\.[^']*)'/g)].map(([, target]) => join(dirname(file), target!));
  return targets.flatMap((target) =>
    [`${target}.ts`, join(target, 'index.ts')].filter((one) => all.has(one)).slice(0, 1),
  );
}

/** Cyclic imports, types included, the largest first (Tarjan's strongly connected components). */
function circles(): string[][] {
  const all = new Set(sources());
  const [found, stack]: [string[][], string[]] = [[], []];
  const [number, lowest] = [new Map<string, number>(), new Map<string, number>()];
  const visit = (file: string): void => {
    number.set(file, number.size);
    lowest.set(file, number.get(file)!);
    stack.push(file);
    for (const target of sourcesImportedBy(file, all)) {
      if (!number.has(target)) visit(target);
      if (stack.includes(target)) lowest.set(file, Math.min(lowest.get(file)!, lowest.get(target)!));
    }
    if (lowest.get(file) === number.get(file)) found.push(stack.splice(stack.indexOf(file)));
  };
  for (const file of all) if (!number.has(file)) visit(file);
  return found.filter(({ length }) => length > 1).sort((a, b) => b.length - a.length);
}

test('cyclic imports, types included, do not grow', () => {
  const [largest, ...others] = circles();
  // Tensor, its methods, a result's history and the table of operations refer to each other's types.
  expect(largest!.length, largest!.join(' ')).toBeLessThanOrEqual(20);
  expect(new Set(largest!.map((file) => layerOf(file)))).toEqual(
    new Set(['tensor', 'autograd', 'ops', 'options', 'generator']),
  );
  // A module and its parts; a study and its runners; interpolation; kinds of batching.
  expect(others.length, others.map((circle) => circle.join(' ')).join('\n')).toBeLessThanOrEqual(4);
  for (const circle of others) expect(circle.length, circle.join(' ')).toBeLessThanOrEqual(6);
});

test('only ownership.ts transfers ownership of memory', () => {
  const handing = sources().filter((file) => /\brecycle\b/.test(readFileSync(join(src, file), 'utf8')));
  expect(handing).toEqual([join('autograd', 'ownership.ts'), join('tensor', 'memory.ts')]);
});

test('packages are imported only where they are allowed', () => {
  const allowed: Record<string, string[]> = {
    ndarray: ['tensor/tensor.ts'],
    '@viz-js/viz': ['lab/graph-drawing.ts'],
    'node:child_process': ['platform/processes.ts'],
    'node:crypto': ['platform/engine.ts', 'platform/processes.ts'],
    'node:fs': ['platform/files.ts', 'platform/places.ts', 'platform/processes.ts'],
    'node:module': ['platform/engine.ts', 'platform/places.ts'],
    'node:os': ['platform/processes.ts'],
    'node:path': ['platform/files.ts', 'platform/places.ts'],
    'node:timers': ['platform/engine.ts'],
    'node:url': ['platform/places.ts'],
    'node:util': ['platform/engine.ts'],
    'node:v8': ['platform/engine.ts'],
    'node:vm': ['platform/engine.ts', 'platform/places.ts'],
    'node:worker_threads': ['platform/processes.ts'],
    'node:zlib': ['platform/engine.ts'],
  };
  const found: string[] = [];
  for (const file of sources())
    for (const name of importsOf(file).filter((t) => !t.startsWith('.')))
      if (!allowed[name]?.includes(file)) found.push(`${file} imports ${name}`);
  expect(found).toEqual([]);
});

/** Globals that the library uses beyond the language itself; every browser has them. */
const everywhere = `
  declare const console: { log(text: string): void; warn(text: string): void };
  interface ErrorConstructor { stackTraceLimit: number }
  declare const performance: { now(): number };
  declare function fetch(address: string): Promise<{
    ok: boolean; status: number; statusText: string; body: unknown; headers: { get(name: string): string | null };
    arrayBuffer(): Promise<ArrayBuffer>;
  }>;
  declare class TextDecoder {
    constructor(encoding?: 'utf-8', options?: { fatal?: boolean; ignoreBOM?: boolean });
    decode(bytes: Uint8Array): string;
  }
  declare class TextEncoder { encode(text: string): Uint8Array }
  declare function setTimeout(action: () => void, milliseconds: number): number;
  declare function clearTimeout(timer: number | undefined): void;
  declare function setInterval(action: () => void, milliseconds: number): number;
  declare function clearInterval(timer: number | undefined): void;
`;

test('only platform/ uses Node; only programs read tensor data, which moves small arrays', () => {
  // Compiled without Node's declarations, with those of platform/ instead.
  const platform = filesIn(join(src, 'platform'), '.ts').filter((file) => file !== 'browser.ts');
  const stand = new Map([[join(root, 'src/everywhere.d.ts'), everywhere]]);
  for (const file of platform.map((name) => join(src, 'platform', name)))
    stand.set(
      file,
      ts.transpileDeclaration(readFileSync(file, 'utf8'), { compilerOptions: cellOptions(ts) }).outputText,
    );
  const options = { ...cellOptions(ts), types: [], skipLibCheck: true };
  const host = ts.createCompilerHost(options, true);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (file) => stand.has(file) || fileExists(file);
  host.getSourceFile = (file, ...rest) =>
    stand.has(file)
      ? ts.createSourceFile(file, stand.get(file)!, ts.ScriptTarget.ES2022, true)
      : getSourceFile(file, ...rest);
  const program = ts.createProgram(
    [...stand.keys(), join(root, 'src/index.ts'), join(root, 'src/lab/index.ts')],
    options,
    host,
  );
  expect(program.getSourceFiles().length).toBeGreaterThan(200);
  expect(complaints(ts, ts.getPreEmitDiagnostics(program))).toEqual([]);
  const checker = program.getTypeChecker();
  const readers: string[] = [];
  for (const source of program.getSourceFiles()) {
    if (!source.fileName.startsWith(src) || source.fileName.endsWith('/tensor/tensor.ts')) continue;
    const visit = (node: Node): void => {
      let property: TypeScriptSymbol | undefined;
      if (ts.isPropertyAccessExpression(node) && node.name.text === 'data')
        property = checker.getSymbolAtLocation(node.name);
      if (ts.isBindingElement(node) && (node.propertyName ?? node.name).getText(source) === 'data')
        property = checker.getTypeAtLocation(node.parent).getProperty('data');
      const declared = property?.declarations?.[0];
      if (declared !== undefined && ts.isGetAccessor(declared))
        readers.push(`${source.fileName}: ${node.getText(source)}`);
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  expect(readers, 'use memory').toEqual([]);
  // Nor do the declarations, so that cells in a browser can be checked with them.
  const named = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter(
    (f) => f.endsWith('.d.ts') && /['"]node:|NodeJS\./.test(readFileSync(join(dist, f), 'utf8')),
  );
  expect(named).toEqual([]);
});

test('nor does any built file but node.js', () => {
  const naming = filesIn(dist, '.js').filter((f) => readFileSync(join(dist, f), 'utf8').includes('require("node:'));
  expect(naming).toEqual(['node.js']);
});

test('each built file can be required first', () => {
  // One process; the cache is cleared before each file, so that each is the first to be loaded.
  const script = `
    const failed = [];
    for (const file of JSON.parse(process.argv[1])) {
      for (const loaded of Object.keys(require.cache)) delete require.cache[loaded];
      try {
        require(file);
      } catch (error) {
        failed.push(file + ': ' + error.stack.split('\\n').slice(0, 3).join(' '));
      }
    }
    console.log(JSON.stringify(failed));
  `;
  const files = filesIn(dist, '.js').map((f) => join(dist, f));
  expect(files.length).toBeGreaterThan(5);
  const output = execFileSync(process.execPath, ['-e', script, JSON.stringify(files)], { encoding: 'utf8' });
  expect(JSON.parse(output)).toEqual([]);
});

test('loading the library registers every operation', () => {
  const script = `
    const { tensor } = require(process.argv[1]);
    console.log(tensor([[1, 2]]).t().matmul(tensor([[3, 4]])).sum().item());
  `;
  expect(execFileSync(process.execPath, ['-e', script, join(dist, 'index.js')], { encoding: 'utf8' }).trim()).toBe(
    '21',
  );
});
