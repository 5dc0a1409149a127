// An unknown option is an error everywhere: in every export and every method whose declaration has options.
import { describe, expect, test } from 'vitest';
import * as gradlab from '../../src';
import { GradlabError, nn, ones, Tensor, tensor } from '../../src';
import { methodOptions } from '../../src/ops/table/arities';
import { noSuchOption } from '../../src/options';
import { type Call, contractOf, exported, run } from '../support/exports';

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

/** What only the library constructs. */
const others = new Set(['FileRows', 'SafetensorsFile']);

/** Functions and classes with the place of their options. */
const all = exported.flatMap(([path, call]): [path: string, call: Call, place: number][] => {
  const place = contractOf(path, call)?.options?.place;
  return place === undefined || others.has(path.split('.').at(-1)!) ? [] : [[path, call, place]];
});

/** Every message with which it refuses the option in one of the tries. */
async function messages(call: Call, count: number): Promise<string[]> {
  const found: string[] = [];
  for (const args of first) {
    if (args.length < count) continue;
    const given = [...args.slice(0, count), { misspelt: 1 }];
    try {
      await run(call, given);
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

  test.each(all)('%s', async (_, call, place) => {
    const said = await messages(call, place);
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
    'dropout: options are given as an object such as { training: … }, got false',
  ],
  [
    () => nn.functional.crossEntropy(ones([1, 2]), tensor([0]), ones([2]) as object),
    'got a float32 tensor of shape [2]',
  ],
  [
    () => ones([2]).sum(0, null as unknown as undefined),
    'sum: options are given as an object such as { keepdim: … }, got null',
  ],
  [
    () => nn.functional.mseLoss(ones([2]), ones([2]), { lr: 1, eps: 2 } as object),
    'mseLoss: there is no option lr, eps; the options are weight, reduction',
  ],
])('%#', (call, message) => {
  expect(call).toThrow(message);
});

test('what is far from every name is not guessed', () => {
  expect(noSuchOption('f', ['momentum'], ['lr', 'eps'])).toBe(
    'f: there is no option momentum; the options are lr, eps',
  );
});
