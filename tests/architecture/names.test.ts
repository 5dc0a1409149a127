// Public names are PyTorch's in camelCase. The TSDoc of each names its counterpart (`torch.log_softmax`); names without
// counterpart are in the list below, with the reason.
import { join } from 'node:path';
import type typescript from 'typescript';
import { describe, expect, test } from 'vitest';
import * as gradlab from '../../src';
import { cellOptions, root, current as ts } from '../support/typescript';

/** Public values without a counterpart in PyTorch. */
const own: Record<string, string> = {
  version: 'of this package',
  slice: 'stands for start:end:step in an index',
  ellipsis: 'stands for ... in an index',
  Slice: 'what slice() gives',
  Graph: 'what graph() gives',
  isFloat: 'of a dtype by name; PyTorch asks a dtype object',
  defineOp: 'torch.autograd.Function, without a class',
  withSaved: 'for defineOp',
  recompute: 'torch.utils.checkpoint.checkpoint, whose name says too little',
  notDifferentiable: 'for defineOp',
  notImplemented: 'for defineOp',
  displaySymbol: 'notebooks',
  explain: 'derivations',
  depth: 'the longest chain on the tape',
  tapeMemory: 'what the tape keeps',
  TapeMemory: 'what tapeMemory gives',
  graph: 'drawings of the tape',
  gammaSample: 'torch.distributions.Gamma(α, 1).sample(shape)',
  betaSample: 'torch.distributions.Beta(a, b).sample(shape)',
  dirichletSample: 'torch.distributions.Dirichlet(α).sample(shape)',
  training: 'loops of training, a namespace',
  trees: 'decision trees and ensembles of them, as scikit-learn has, a namespace',
  tuner: 'search for hyperparameters, after Optuna, a namespace',
  nn: 'a namespace, as in PyTorch',
  func: 'functions made of functions, a namespace, as in PyTorch',
  optim: 'a namespace, as in PyTorch',
  data: 'torch.utils.data, a namespace',
  io: 'files of NumPy and of safetensors, a namespace',
  linalg: 'a namespace, as in PyTorch',
};

const camel = (name: string) => name.replace(/^_+/, '').replace(/_+([a-z0-9])/g, (_, c: string) => c.toUpperCase());

const program = ts.createProgram([join(root, 'src/index.ts')], { ...cellOptions(ts), skipLibCheck: true });
const checker = program.getTypeChecker();
const source = program.getSourceFile(join(root, 'src/index.ts'))!;
const resolve = (symbol: typescript.Symbol) =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
const docOf = (symbol: typescript.Symbol) => ts.displayPartsToString(symbol.getDocumentationComment(checker));

/** The names of PyTorch that a comment mentions, without the module they are in, in camelCase. */
const mentioned = (doc: string) => [...doc.matchAll(/`torch\.(?:\w+\.)*(\w+)`/g)].map(([, name]) => camel(name));

const publicSymbols = checker
  .getExportsOfModule(checker.getSymbolAtLocation(source)!)
  .map((symbol) => ({ name: symbol.name, symbol: resolve(symbol) }));
const isInternal = (s: typescript.Symbol) => s.getJsDocTags().some((tag) => tag.name === 'internal');

describe('exported names', () => {
  test('include nothing internal', () => {
    const values = Object.keys(gradlab);
    expect(values.filter((name) => !publicSymbols.some((p) => p.name === name))).toEqual([]);
    expect(publicSymbols.filter(({ symbol }) => isInternal(symbol)).map(({ name }) => name)).toEqual([]);
  });

  test('are documented', () => {
    const bare = publicSymbols.filter(({ name, symbol }) => !(name in own) && docOf(symbol).length < 10);
    expect(bare.map(({ name }) => name)).toEqual([]);
  });

  test("of functions follow PyTorch's, or have a reason not to", () => {
    const strange = publicSymbols.filter(
      ({ name, symbol }) =>
        name in gradlab && !(name in own) && !name.endsWith('Error') && !mentioned(docOf(symbol)).includes(name),
    );
    expect(strange.map(({ name }) => name)).toEqual([]);
  });

  test('the list of our own names is in use', () => {
    const names = publicSymbols.map(({ name }) => name);
    expect(Object.keys(own).filter((name) => !names.includes(name))).toEqual([]);
  });
});

const spaces = ['nn', 'nn.functional', 'nn.utils', 'nn.utils.parametrize', 'nn.utils.parametrizations', 'optim'];
describe.each([...spaces, 'optim.lrScheduler', 'optim.swaUtils', 'func', 'data'])('names in %s', (path) => {
  /** Names without a counterpart in PyTorch. */
  const ownThere: Record<string, string> = {
    isParameter: 'asks whether a tensor is one; PyTorch has a class for it',
    isBuffer: 'asks whether a tensor is one; PyTorch has a class for it',
    mixup: 'torchvision.transforms.v2.MixUp, as a function',
    summary: 'a table of the modules in a network',
    readBytes: 'open(file, "rb").read() in Python, in a page as well',
    readText: 'open(file).read() in Python, in a page as well',
    digits: 'sklearn.datasets.load_digits, with pixels from 0 to 1',
    fashionMnist: 'torchvision.datasets.FashionMNIST, whose tensors it gives at once',
  };
  const symbols = path
    .split('.')
    .reduce(
      (exports, part) => checker.getExportsOfModule(resolve(exports.find((s) => s.name === part)!)),
      checker.getExportsOfModule(checker.getSymbolAtLocation(source)!),
    );
  const values = path
    .split('.')
    .reduce<Record<string, unknown>>((found, part) => found[part] as Record<string, unknown>, gradlab);

  test("follow PyTorch's, or have a reason not to", () => {
    const within = ['functional', 'init', 'utils', 'rnn', 'parametrize', 'parametrizations', 'lrScheduler', 'swaUtils'];
    const names = Object.keys(values).filter((name) => !within.includes(name));
    expect(names.length).toBeGreaterThan(1);
    const strange = names.filter((name) => {
      const symbol = symbols.find((s) => s.name === name);
      return !(name in ownThere) && (symbol === undefined || !mentioned(docOf(resolve(symbol))).includes(name));
    });
    expect(strange).toEqual([]);
  });
});

describe('methods of a tensor', () => {
  /** Methods and properties without a counterpart in PyTorch. */
  const ownMethods: Record<string, string> = {
    at: "Python's x[…]",
    setAt: "Python's x[…] = value",
    toArray: 'typed arrays',
    atleast1d: 'torch.atleast_1d, which takes lists as well',
    atleast2d: 'torch.atleast_2d, which takes lists as well',
    atleast3d: 'torch.atleast_3d, which takes lists as well',
    ndarray: 'scijs',
    length: "Python's len(x)",
    toJSON: 'JSON.stringify',
    offset: 'torch.Tensor.storage_offset, a property here',
  };
  const tensor = publicSymbols.find(({ name }) => name === 'Tensor')!.symbol;
  const members = checker
    .getPropertiesOfType(checker.getDeclaredTypeOfSymbol(tensor))
    .filter((s) => !s.name.startsWith('__') && !isInternal(s))
    .filter((s) => (ts.getCombinedModifierFlags(s.declarations![0]) & ts.ModifierFlags.Private) === 0);
  const inTorch = new Set(['T', 'mT', 'data', 'shape', 'stride', 'dtype', 'grad', 'toString', 'constructor']);

  test("follow PyTorch's; those that end in _ have a version without it", () => {
    const names = members.map((s) => s.name);
    expect(names.length).toBeGreaterThan(80);
    const strange = members
      .filter(({ name }) => !(name in ownMethods) && !inTorch.has(name))
      .filter((s) => {
        const twin = names.includes(s.name.replace(/_$/, ''));
        return (
          !mentioned(docOf(s)).some((n) => n === s.name || n === s.name.replace(/_$/, '')) &&
          !(s.name.endsWith('_') && twin)
        );
      });
    expect(strange.map((s) => s.name)).toEqual([]);
  });
});
