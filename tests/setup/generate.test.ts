import fs from 'node:fs';
import path from 'node:path';
import { parseSync } from 'rolldown/utils';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { guarded } from '../../kernel-setup/setup/generate/guard.mjs';
import { generateSources } from '../../kernel-setup/setup/generate/index.mjs';
import { projectPaths } from '../../kernel-setup/setup/paths.mjs';
import { scratchFolder } from '../support/project-copy';

let paths: ReturnType<typeof projectPaths>;
const inOps = (name: string) => path.join(paths.sources, 'ops', name);
const write = (file: string, text: string) => {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
};
const source = (name: string, text: string) => write(inOps(name), text);
const functions = () => fs.readFileSync(inOps('functions.ts'), 'utf8');

const family = `
declare module '../tensor' {
  interface Tensor extends Bounds {}
}
/** A bound. */
export type Bound = Tensor | Limit;
/** What a bound may be. */
export interface Limit { most: number }
export interface Bounds {
  /** The larger (\`torch.maximum\`). */
  maximum(other: Bound): Tensor;
  /** A view (\`torch.Tensor.view\`). */
  view(...sizes: number[]): Tensor;
  /** Not told (\`torch.hidden\`). @internal */
  hidden(): Tensor;
  /**
   * Both (\`torch.aminmax\`).
   * @throws {IndexError}
   */
  aminmax(): Pair;
  aminmax(dim: number): Tensor;
}
defineComposites<Bounds>({});
`;

beforeEach(() => {
  paths = projectPaths(scratchFolder());
  source('bounds.ts', family);
});
afterEach(() => fs.rmSync(paths.root, { recursive: true, force: true }));

test('generates a function for a method that PyTorch has as a function, with documentation and overloads', async () => {
  await generateSources(paths);
  const text = functions();
  expect(text).toContain(`/** The larger (\`torch.maximum\`). */
export function maximum(input: Tensor, other: Bound): Tensor {
  return asTensor('maximum', input).maximum(other);
}`);
  expect(text).toContain(`/**
 * Both (\`torch.aminmax\`).
 * @throws {IndexError}
 */
export function aminmax(input: Tensor): Pair;
export function aminmax(input: Tensor, dim: number): Tensor;
export function aminmax(input: Tensor, ...rest: unknown[]): Pair | Tensor {
  return callMethod('aminmax', input, rest);
}`);
  expect(text).not.toMatch(/view|hidden/);
  expect(text).toContain("\nimport type { Bound } from './bounds';\n");
  expect(text).toContain("\nexport type { Bound, Limit } from './bounds';\n");
  expect(fs.readFileSync(inOps('table/arities.ts'), 'utf8')).toContain(`= {
  aminmax: 1,
  hidden: 0,
  maximum: 1,
};`);
});

test('a function of several tensors calls the generic implementation, typed or not', async () => {
  source(
    'joining/cat.ts',
    `export interface Joining {
  /** One after another (\`torch.cat\`). */
  cat(tensors: readonly Tensor[], dim?: number): Tensor;
  /** Of a layer (\`torch.nn.functional.linear\`). */
  linear(x: Tensor): Tensor;
}
export const joining = defineFunctions<Joining>({});
`,
  );
  await generateSources(paths);
  const text = functions();
  expect(text).toContain(`export function cat(tensors: readonly Tensor[], dim?: number): Tensor {
  return joining.cat(tensors, dim);
}`);
  expect(text).not.toContain('linear');
  source('joining/cat.ts', fs.readFileSync(inOps('joining/cat.ts'), 'utf8').replace('joining =', 'joining: Joining ='));
  await generateSources(paths);
  expect(functions()).toBe(text);
});

test('regenerates after a change of its sources, and leaves current files alone', async () => {
  await generateSources(paths);
  const { ino } = fs.statSync(inOps('functions.ts'));
  await generateSources(paths);
  expect(fs.statSync(inOps('functions.ts')).ino).toBe(ino);
  source('bounds.ts', family.replace('The larger', 'The greater'));
  await generateSources(paths);
  expect(functions()).toContain('/** The greater (`torch.maximum`). */');
});

test('leaves a source that does not parse to the compiler, and a family without declaration', async () => {
  await generateSources(paths);
  const before = functions();
  source('bounds.ts', family.replace('interface Bounds {', 'interface Bounds'));
  await generateSources(paths);
  expect(functions()).toBe(before);
  source('bounds.ts', family.replace('extends Bounds', 'extends Limits'));
  await generateSources(paths);
  expect(functions()).not.toContain('maximum');
});

test('generates a class for a row of losses, with the options of its function as properties', async () => {
  const inNn = (name: string) => path.join(paths.sources, 'nn', name);
  write(
    inNn('loss.ts'),
    `export interface Losses {
  /** Ranks (\`torch.nn.RankingLoss\`). */
  RankingLoss: typeof rankingLoss;
  /** Squares (\`torch.nn.MSELoss\`). */
  MSELoss: typeof mseLoss;
}
`,
  );
  write(
    inNn('functional/losses.ts'),
    `export interface ClassOptions extends LossOptions {
  /** A weight for each class. */
  weight?: Tensor | null;
}
export interface RankingOptions extends ClassOptions {
  /** By how much; default 1. */
  margin?: number;
}
export function rankingLoss(input1: Tensor, input2: Tensor, options: RankingOptions = {}): Tensor {
  const { margin = 1, weight = null } = options;
}
export function mseLoss(input: Tensor, target: Tensor, options: WeightedLossOptions = {}): Tensor {
  const { weight = null } = options;
}
`,
  );
  write(
    inNn('reduction.ts'),
    `export interface LossOptions { reduction?: Reduction }
export interface WeightedLossOptions extends LossOptions { weight?: Tensor | null }
`,
  );
  await generateSources(paths);
  const text = fs.readFileSync(inNn('losses.ts'), 'utf8');
  expect(text).toContain(`/**
 * Ranks (\`torch.nn.RankingLoss\`).
 * @throws {ValueError} for an unknown reduction.
 */
export class RankingLoss extends Loss<[input1: Tensor, input2: Tensor]> {
  /** A weight for each class. */
  weight: Buffer | null;

  /** By how much; default 1. */
  readonly margin: number;

  /** Options that are not given are \`{ reduction: 'mean', weight: null, margin: 1 }\`. */
  constructor(options: RankingOptions = {}) {
    super(options);
    this.weight = asBuffer(options.weight);
    this.margin = options.margin ?? 1;
  }

  forward(input1: Tensor, input2: Tensor): Tensor {
    return rankingLoss(input1, input2, this);
  }
}`);
  // Weights for the elements of one input do not belong to a module.
  expect(text).toContain(`  constructor(options: LossOptions = {}) {
    super(options);
  }`);
  const names = (room: string) => fs.readFileSync(path.join(paths.sources, 'option-names', `${room}.ts`), 'utf8');
  expect(names('nn')).toContain(
    "export const RankingOptions: readonly string[] = /* @__PURE__ */ optionList('margin:number weight:tensor|null reduction:');",
  );
  expect(names('core')).not.toContain('RankingOptions');
  expect(names('index')).toContain("export * from './nn';");
  expect(text).toContain("\nimport type { RankingOptions } from './functional/losses';\n");
  expect(text).toContain("\nimport { mseLoss, rankingLoss } from './functional/losses';\n");
});

test('generates a class for a row of activations and of dropouts, with the documentation of its function', async () => {
  const inNn = (name: string) => path.join(paths.sources, 'nn', name);
  write(
    inNn('activation.ts'),
    `export interface Activations {
  /** @passesOn */
  Bend: typeof bend;
  /** @prints values */
  Pick: typeof pick;
  Plain: typeof plain;
}
`,
  );
  write(inNn('dropout.ts'), 'export interface Dropouts {\n  /** Own words. */\n  Drop: typeof drop;\n}\n');
  write(
    inNn('functional/activation.ts'),
    `export interface InplaceOption { inplace?: boolean }
export interface BendOptions extends InplaceOption {
  /** Factor below 0. */
  slope?: number;
  training?: boolean;
}
export interface PickOptions {
  /** The way. */
  way?: 'one' | 'two';
}
/** Bends, unlike {@link plain} (\`torch.nn.functional.bend\`). @throws {DtypeError} for integers. */
export function bend(input: Tensor, options: BendOptions = {}): Tensor {
  const { slope = 0.5, training = false, inplace = false } = options;
}
/** Picks (\`torch.nn.functional.pick\`). */
export function pick(input: Tensor, options: PickOptions = {}): Tensor {
  const { way = 'one' } = options;
}
/** Is plain (\`torch.nn.functional.plain\`). */
export function plain(input: Tensor): Tensor {}
/** Drops (\`torch.nn.functional.drop\`). */
export function drop(input: Tensor, p = 0.5): Tensor {}
`,
  );
  await generateSources(paths);
  const text = fs.readFileSync(inNn('activations.ts'), 'utf8');
  expect(text).toContain(`/** Bends, unlike {@link Plain} (\`torch.nn.Bend\`). */
export class Bend extends InplaceActivation {
  /** Factor below 0. */
  readonly slope: number;

  constructor(options: Omit<BendOptions, 'training'> = {}) {
    const { slope = 0.5, inplace } = options;
    super({ inplace });
    this.slope = slope;
  }

  /** Marks the module as behaving differently in training. @internal */
  get hasModes(): true {
    return true;
  }

  forward(input: Tensor): Tensor {
    return bend(input, this);
  }

  override extraRepr(): string {
    return this.printed(\`slope=\${floatRepr(this.slope)}\`);
  }
}`);
  expect(text).toContain("    requireOneOf('Pick', { way }, ['one', 'two']);\n    super();");
  expect(text).toMatch(/return this\.printed\(`'\$\{this\.way\}'`\);/);
  expect(text).toContain(`export class Plain extends Activation {
  forward(input: Tensor): Tensor {
    return plain(input);
  }
}`);
  expect(text).toMatch(/\npassOn\(Bend\);\n$/);
  expect(fs.readFileSync(inNn('dropouts.ts'), 'utf8')).toContain(`/** Own words. */
export class Drop extends DropoutLayer {
  forward(input: Tensor): Tensor {
    return drop(input, ...this.settings);
  }
}`);
});

test('generates functions and classes for one, two and three dimensions from a generic one', async () => {
  const inNn = (name: string) => path.join(paths.sources, 'nn', name);
  write(
    inNn('functional/pooling.ts'),
    `export interface PoolOptions<I> { indices?: I }
export interface Pool1dOptions { stride?: number }
export interface Pool2dOptions { stride?: number; divisor?: number }
/**
 * Largest of \`[C, H, W]\` (\`torch.nn.functional.max_pool2d\`). Of equals the first.
 * @throws {ShapeError}
 *
 * @example
 * nn.functional.maxPool1d(x)
 *
 * @example
 * nn.functional.maxPool2d(x)
 * @internal
 */
export function maxPool<I extends boolean>(op: string, rank: number, input: Tensor, options: PoolOptions<I>): Pooled<I> {}
/** Mean of two dimensions (\`torch.nn.functional.avg_pool2d\`); see {@link maxPool2d}. @internal */
export function avgPool(op: string, rank: number, input: Tensor, options: Pool2dOptions): Tensor {}
/** Sum over \`[K, L]\` (\`torch.nn.functional.conv2d\`): and a bias. @internal */
export function conv(op: string, rank: number, input: Tensor, weight: Tensor, bias: Tensor | null | Pool1dOptions | undefined, options?: Pool1dOptions): Tensor {}
/** Not for any number (\`torch.nn.functional.dropout2d\`). */
export function dropout2d(input: Tensor): Tensor {}
`,
  );
  write(
    inNn('pooling.ts'),
    `/**
 * Largest in two dimensions (\`torch.nn.MaxPool2d\`).
 *
 * @example
 * new nn.MaxPool2d(2)
 * @passesOn
 */
export abstract class MaxPool<I extends boolean = false> extends Module {}
/** A base class. */
export abstract class Pool extends Module {}
`,
  );
  await generateSources(paths);
  const text = fs.readFileSync(inNn('functional/dimensions.ts'), 'utf8');
  expect(text).toContain(`/**
 * Largest of \`[C, L]\` (\`torch.nn.functional.max_pool1d\`); see {@link maxPool2d}.
 * @throws {ShapeError}
 *
 * @example
 * nn.functional.maxPool1d(x)
 */
export function maxPool1d<I extends boolean>(input: Tensor, options: PoolOptions<I> = {}): Pooled<I> {
  return maxPool('maxPool1d', 1, input, options);
}`);
  expect(text).toContain(`/**
 * Largest of \`[C, H, W]\` (\`torch.nn.functional.max_pool2d\`). Of equals the first.
 * @throws {ShapeError}
 *
 * @example
 * nn.functional.maxPool2d(x)
 */
export function maxPool2d<`);
  expect(text).toContain(`/**
 * Mean of three dimensions (\`torch.nn.functional.avg_pool3d\`); see {@link maxPool3d}.
 */
export function avgPool3d(input: Tensor, options: Pool2dOptions = {}): Tensor {`);
  expect(text).toContain('export function avgPool1d(input: Tensor, options: Pool1dOptions = {}): Tensor {');
  // A bias comes before the options or among them.
  expect(text).toContain(`/**
 * Sum over \`[K]\` (\`torch.nn.functional.conv1d\`); see {@link conv2d}.
 */
export function conv1d(input: Tensor, weight: Tensor, options?: Pool1dOptions): Tensor;
export function conv1d(input: Tensor, weight: Tensor, bias: Tensor | null, options?: Pool1dOptions): Tensor;
export function conv1d(input: Tensor, weight: Tensor, bias?: Tensor | null | Pool1dOptions, options?: Pool1dOptions): Tensor {
  return conv('conv1d', 1, input, weight, bias, options);
}`);
  expect(text).toContain("\nimport type { Pool1dOptions, Pool2dOptions, PoolOptions } from './pooling';\n");
  expect(text).toContain("\nimport { avgPool, conv, maxPool } from './pooling';\n");
  expect(text).not.toContain('dropout');
  expect(fs.readFileSync(inNn('dimensions.ts'), 'utf8')).toContain(`
import { MaxPool } from './pooling';

/**
 * Largest in one dimension (\`torch.nn.MaxPool1d\`).
 */
export class MaxPool1d<I extends boolean = false> extends MaxPool<I> {}

/**
 * Largest in two dimensions (\`torch.nn.MaxPool2d\`).
 *
 * @example
 * new nn.MaxPool2d(2)
 */
export class MaxPool2d<I extends boolean = false> extends MaxPool<I> {}

/**
 * Largest in three dimensions (\`torch.nn.MaxPool3d\`).
 */
export class MaxPool3d<I extends boolean = false> extends MaxPool<I> {}

inDimensions(MaxPool1d, MaxPool2d, MaxPool3d);
passOn(MaxPool1d, MaxPool2d, MaxPool3d);
`);
});

test('a contract follows from each public declaration, and its checks are inserted in the first line of the body', async () => {
  const inSources = (name: string) => path.join(paths.sources, name);
  write(inSources('index.ts'), "export * as nn from './nn';\nexport { drawn as random } from './drawn';\n");
  write(
    inSources('nn/index.ts'),
    "export { Bend } from './bend';\nexport { bend, hidden as shown, type BendOptions } from './functional';\n",
  );
  const functional = `export interface BendOptions { slope?: number; inplace?: boolean }
export function bend(input: Tensor, weight: Tensor, options: BendOptions = {}): Tensor {
  return input;
}
export function hidden(...tensors: Tensor[]): Tensor {}
export function internal(input: Tensor): Tensor {}
`;
  write(inSources('nn/functional.ts'), functional);
  const layer = `abstract class Base extends Module {
  constructor(options: Omit<BendOptions, 'slope'> = {}) {
    super();
  }
}
export class Bend extends Base {
  forward(input: Tensor): Tensor {
    return input;
  }
  /** @internal */
  inner(): void {}
  private own(): void {}
}
`;
  write(inSources('nn/bend.ts'), layer);
  write(inSources('drawn.ts'), 'export function drawn(tensors: readonly Tensor[], seed?: number): Tensor {}\n');
  await generateSources(paths);
  const contracts = JSON.parse(fs.readFileSync(inSources('contracts.json'), 'utf8'));
  expect(contracts['nn/functional']).toEqual({
    bend: {
      path: 'nn.bend',
      called: 'bend',
      most: 3,
      tensors: { input: 'the input', weight: 'the weight' },
      options: { name: 'options', place: 2, list: 'BendOptions' },
    },
  });
  expect(contracts.drawn).toEqual({ drawn: { path: 'random', called: 'random', most: 2, list: 'tensors' } });
  expect(contracts['nn/bend']).toEqual({
    Base: {
      called: 'Base',
      isClass: true,
      most: 1,
      options: { name: 'options', place: 0, list: 'OptionsOfBase' },
    },
    Bend: {
      path: 'nn.Bend',
      called: 'Bend',
      isClass: true,
      methods: { forward: { most: 1, tensors: { input: 'the input' } } },
    },
  });
  const checked = (name: string, text: string) =>
    guarded(text, parseSync(`${name}.ts`, text).program, name, contracts[name]).split('\n');
  const [, ofBend] = checked('nn/functional', functional);
  expect(ofBend).toBe(
    'export function bend(input: Tensor, weight: Tensor, options: BendOptions = {}): Tensor {' +
      'if(arguments.length>3)$refuseSurplus("bend",arguments,3);$requireTensor("bend",input);' +
      '$requireTensor("bend",weight,"the weight");$checkOptions("bend",options,$BendOptions);',
  );
  expect(checked('nn/functional', functional).at(-1)).toContain(
    'import{checkOptions as $checkOptions}from"../options"',
  );
  expect(checked('nn/bend', layer)[1]).toContain(
    'if(arguments.length>1)$refuseSurplus(new.target.name,arguments,1);' +
      '$checkOptions(new.target.name,options,$OptionsOfBase);',
  );
  expect(checked('nn/bend', layer)[6]).toContain(
    'if(arguments.length>1)$refuseSurplus(this.constructor.name,arguments,1);' +
      'input instanceof $Tensor||$requireTensor(this.constructor.name,input);',
  );
});
