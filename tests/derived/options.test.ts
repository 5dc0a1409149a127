// An option that there is not is an error everywhere, found by what the sources declare: every export and every method whose last
// parameter is options.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as gradlab from '../../src';
import { GradlabError, nn, ones, Tensor, tensor } from '../../src';
import * as functions from '../../src/ops/functions';
import { methodOptions } from '../../src/ops/table/arities';
import { noSuchOption } from '../../src/options';
import { root, current as ts } from '../support/typescript';

type Call = (...args: unknown[]) => unknown;

/** A function or class that is exported, by the path of its name. */
function* exported(value: object, path: string): Generator<[string, Call]> {
  for (const [name, member] of Object.entries(value)) {
    if (typeof member === 'function') yield [path + name, member as Call];
    else if (typeof member === 'object' && member !== null && Object.isFrozen(member) === false && isNamespace(member))
      yield* exported(member, `${path}${name}.`);
  }
}
const isNamespace = (value: object) => Object.prototype.toString.call(value) === '[object Module]';

/** Names of `func` are those of other functions, too. */
const pathOf = (file: string, name: string) => (file.startsWith('func') ? `func.${name}` : name);
const placesBefore = (path: string) => declared.get(path.startsWith('func.') ? path : path.split('.').at(-1)!);

/** The number of parameters before the options, for each function and class in the sources. */
const declared = new Map<string, number>();
const folder = join(root, 'src');
for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
  if (!file.endsWith('.ts') || /^(lab|moved|display)\b/.test(file)) continue;
  const source = ts.createSourceFile(file, readFileSync(join(folder, file), 'utf8'), ts.ScriptTarget.Latest, true);
  source.forEachChild((node) => {
    const isClass = ts.isClassDeclaration(node);
    if (!(isClass || ts.isFunctionDeclaration(node)) || node.name === undefined) return;
    const holder = isClass ? node.members.find(ts.isConstructorDeclaration) : node;
    const last = holder?.parameters.at(-1);
    const type = last?.type?.getText(source) ?? '';
    if (
      holder?.body &&
      /Options?(<.*>)?>?$|^(Partial|Omit)<\w*Options/.test(type) &&
      last?.dotDotDotToken === undefined
    )
      declared.set(pathOf(file, node.name.text), holder.parameters.length - 1);
  });
}

/** What only the library constructs. */
const others = new Set(['FileRows', 'SafetensorsFile']);

/** Arguments before the options, right for a few: where they are not, they are refused after the options. */
const first: unknown[][] = [
  [ones([2, 2]), ones([2, 2]), ones([2, 2]), ones([2, 2])],
  [ones([1, 2, 4, 4]), ones([1, 2, 3, 3]), null],
  [2, 2, 2, 2],
  [ones([2, 2]), 0, 2],
  [[2, 2], 1],
  [[tensor([1], { requiresGrad: true })], 1, 1],
  [new gradlab.optim.SGD([tensor([1], { requiresGrad: true })], { lr: 1 }), 1, 1],
  [
    [1, 2, 3],
    [1, 2],
  ],
  [new nn.Linear(2, 2), [2, 2]],
  [new nn.Linear(2, 2), 'weight', new nn.Tanh()],
  [new nn.Linear(2, 2), {}, ones([2])],
  [new nn.TransformerEncoderLayer(2, 1, { dimFeedforward: 2 }), 1],
  [(x: Tensor) => x.sum(), ones([2]), ones([2])],
];

const all = [...exported(gradlab, '')].filter(([path]) => {
  // A function that is a method is refused by the method.
  return placesBefore(path) !== undefined && !others.has(path.split('.').at(-1)!) && !(path in functions);
});

/** Every message with which it refuses the option in one of the tries. */
async function messages(call: Call, count: number): Promise<string[]> {
  const isClass = /^class\b/.test(Function.prototype.toString.call(call));
  const found: string[] = [];
  for (const args of first) {
    if (args.length < count) continue;
    const given = [...args.slice(0, count), { misspelt: 1 }];
    try {
      await (isClass ? Reflect.construct(call, given) : call(...given));
      found.push('accepted');
    } catch (error) {
      if (!(error instanceof GradlabError)) throw error;
      found.push(error.message);
    }
  }
  return found;
}

describe('exports', () => {
  test('nearly all that take options are found', () => {
    expect(all.length).toBeGreaterThan(200);
  });

  test.each(all.map(([path, call]) => [path, call] as const))('%s', async (path, call) => {
    const said = await messages(call, placesBefore(path)!);
    expect(said.join('\n')).toContain('there is no option misspelt');
    expect(said).not.toContain('accepted');
  });
});

describe('methods', () => {
  test.each(Object.keys(methodOptions))('%s', (name) => {
    const method = (Tensor.prototype as unknown as Record<string, Call>)[name];
    const said: unknown[] = [];
    for (let before = 0; before < 5; before++) {
      const x = ones([2, 2]);
      for (const first of [
        [0, 1, 1, 1],
        [ones([2, 2]), 0, 0, 0],
        [0, ones([2, 2], { dtype: 'int32' }), ones([2, 2]), 0],
      ])
        try {
          method.apply(x, [...first.slice(0, before), { misspelt: 1 }]);
        } catch (error) {
          said.push((error as Error).message);
        }
    }
    expect(said.join('\n')).toContain(`${name}: there is no option misspelt`);
  });
});

test.each([
  [
    () => new nn.Linear(2, 3, { Bias: false } as object),
    'Linear: there is no option Bias; did you mean bias? The options are',
  ],
  [() => ones([2]).sum(0, { keepDim: true } as object), 'sum: there is no option keepDim; did you mean keepdim?'],
  [
    () => tensor([1], { requires_grad: true } as object),
    'tensor: there is no option requires_grad; did you mean requiresGrad?',
  ],
  [
    () => nn.functional.dropout(ones([2]), 0.5, false as unknown as object),
    'dropout: options are given as an object such as { training: … }, got boolean false',
  ],
  [() => nn.functional.crossEntropy(ones([1, 2]), tensor([0]), ones([2]) as object), 'got a tensor'],
  [
    () => ones([2]).sum(0, null as unknown as undefined),
    'sum: options are given as an object such as { keepdim: … }, got null',
  ],
  [
    () => nn.functional.mseLoss(ones([2]), ones([2]), { lr: 1, eps: 2 } as object),
    'mseLoss: there is no option lr, eps; the options are reduction',
  ],
])('%#', (call, message) => {
  expect(call).toThrow(message);
});

test('what is far from every name is not guessed', () => {
  expect(noSuchOption('f', ['momentum'], ['lr', 'eps'])).toBe(
    'f: there is no option momentum; the options are lr, eps',
  );
});
