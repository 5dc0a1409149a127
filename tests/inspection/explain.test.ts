import { describe, expect, onTestFinished, test } from 'vitest';
import {
  AutogradError,
  cat,
  defineOp,
  explain,
  graph,
  linalg,
  nn,
  stack,
  type Tensor,
  tensor,
  where,
  zeros,
} from '../../src';
import { views } from '../../src/display';
import '../../src/lab'; // draws graphs

const lines = (text: string) => text.split('\n').map((l) => l.trim());

describe('explain', () => {
  test('derives a sum of squares', () => {
    const x = tensor([3, 4], { requiresGrad: true });
    expect(lines(String(explain(x.pow(2).sum(), { x })))).toEqual([
      'forward',
      'v1 = x^2    [9, 16]',
      'y = Σ_i v1_i    25',
      'backward',
      '∇y = 1    1',
      '∇v1 = ∇y for each term    [1, 1]',
      '∇x = ∇v1 ⊙ 2 x    [6, 8]',
    ]);
  });

  test('shows LaTeX with the given names in a notebook', () => {
    const w1 = tensor(2, { requiresGrad: true });
    const yHat = w1.mul(3);
    const { 'text/markdown': text } = explain(yHat.sub(1).square(), { w1, yHat }).mimeBundle();
    expect(text).toContain('$\\hat{y}'.replace('$', '${'));
    expect(text).toContain('w_{1}');
    // d/dw (3w - 1)² = 6 (3w - 1) = 30 at w = 2.
    expect(text).toContain('{\\nabla_{w_{1}}} = {\\nabla_{\\hat{y}}} \\cdot {3}$ | `30` |');
  });

  test('adds up gradients that arrive on several paths', () => {
    const x = tensor(3, { requiresGrad: true });
    const text = lines(String(explain(x.mul(x).add(x), { x })));
    expect(text.filter((l) => l.startsWith('∇x +='))).toHaveLength(3);
    expect(text).toContain('∇x = the sum of these    7');
  });

  test('distinguishes an omitted input from one that was not saved', () => {
    const x = tensor([[[1, 2, 3]]], { requiresGrad: true });
    const w = tensor([[[1, 1]]]);
    const text = lines(String(explain(nn.functional.conv1d(x, w).clamp(4).sum(), { x, w })));
    expect(text).toContain('v1_o = Σ x_i w_k + 0    [[[3, 5]]]');
    expect(text).toContain('v2 = min(max(v1, 4), ∞)    [[[4, 5]]]');
    expect(text).toContain('∇x = Σ w_k ∇v1_o    [[[0, 1, 1]]]');
    expect(text.join()).not.toContain('c1');
  });

  test('names the elements of a list, if they are few', () => {
    const [x, w] = [tensor([1, 2], { requiresGrad: true }), tensor([3, 4], { requiresGrad: true })];
    const joined = lines(String(explain(cat([x, w]).pow(2).sum(), { x, w })));
    expect(joined).toContain('v1 = [x; w]    [1, 2, 3, 4]');
    expect(joined).toContain('∇w = ∇v1 where w stands    [6, 8]');
    const stacked = lines(String(explain(stack([x, w]).pow(2).sum(), { x, w })));
    expect(stacked).toContain('v1_1 = x, v1_2 = w    [[1, 2], [3, 4]]');
    expect(stacked).toContain('∇w = ∇v1_2    [6, 8]');
    const many = lines(String(explain(cat([x, x, x, x, w]).pow(2).sum(), { x, w })));
    expect(many).toContain('v1 = [x; x; …]    [1, 2, 1, 2, 1, 2, 1, 2, 3, 4]');
    expect(many).toContain('∇w = ∇v1 where w stands    [6, 8]');
  });

  test('recomputes values that were not saved for several results', () => {
    const x = tensor(
      [
        [1, 5],
        [7, 2],
      ],
      { requiresGrad: true },
    );
    expect(lines(String(explain(x.max(1).values.sum(), { x })))).toContain('v1 = max_i x_i    [5, 7]');
  });

  test('agrees with backward on every kind of operation', () => {
    const x = tensor(
      [
        [0.5, -1],
        [2, 0.25],
      ],
      { dtype: 'float64', requiresGrad: true },
    );
    const b = tensor([1, -1], { dtype: 'float64', requiresGrad: true });
    const { values } = x.matmul(x.T).add(b).max(1);
    const [first, second] = x.split(1);
    const y = cat([values, first.reshape(2), where(second.reshape(2).gt(1), b, 0)])
      .tanh()
      .sum();
    const text = lines(String(explain(y, { x, b })));
    y.backward();
    const shown = (name: string) =>
      text
        .filter((l) => l.startsWith(`∇${name} = `))
        .pop()!
        .split('    ')[1];
    const printed = (t: { toString(): string }) =>
      t
        .toString()
        .replace(/\s+/g, ' ')
        .replace(/\[ /g, '[')
        .replace(/^tensor\((.*), dtype=float64\)$/, '$1')
        .replace(/(\d)\.(?!\d)/g, '$1');
    expect(shown('x')).toBe(printed(x.grad!));
    expect(shown('b')).toBe(printed(b.grad!));
  });

  test('says that a constant was not saved if the tape does not need it', () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const text = String(explain(x.add(tensor([5, 5])).sum(), { x }));
    expect(text).toContain('v1 = x + c1    not kept');
    expect(text).toContain('∇x = ∇v1    [1, 1]');
  });

  test('changes nothing', () => {
    const x = tensor([3, 4], { requiresGrad: true });
    const y = x.pow(2).sum();
    explain(y, { x });
    expect(x.grad).toBeNull();
    y.backward();
    expect(x.grad!.tolist()).toEqual([6, 8]);
  });

  test('reads a custom operation, with rules in any order, as it was when it ran', () => {
    const define = (factor: number) =>
      defineOp({
        name: 'weightedDifference',
        forward: (a: Tensor, b: Tensor) => a.mul(factor).sub(b),
        saves: [],
        math: `y = ${factor} a - b`,
        vjpMath: { b: '-\\bar y', a: `${factor} \\bar y` },
        vjp: { b: (dy) => dy.neg(), a: (dy) => dy.mul(factor) },
      });
    const [p, q] = [tensor(5, { requiresGrad: true }), tensor(1, { requiresGrad: true })];
    const y = define(2)(p, q);
    define(3);
    expect(lines(String(explain(y, { p, q })))).toEqual([
      'forward',
      'y = 2 p - q    9',
      'backward',
      '∇y = 1    1',
      '∇p = 2 ∇y    2',
      '∇q = -∇y    -1',
    ]);
  });

  test('explains why it cannot', () => {
    expect(() => explain(tensor([1, 2]))).toThrow(AutogradError);
    expect(() => explain(tensor([1, 2]))).toThrow('no history');
    const x = tensor([3, 4], { requiresGrad: true });
    expect(() => explain(x.pow(2))).toThrow('single number');
    expect(() => explain(x.sum(), { two: 2 as never })).toThrow('explain: what is called two must be a tensor, got 2');
    const y = x.pow(2).sum();
    y.backward();
    expect(() => explain(y)).toThrow('freed by backward()');
  });
});

describe('graph', () => {
  test('without the laboratory, which draws, is its text', async () => {
    const x = tensor(2, { requiresGrad: true });
    const { drawing } = views;
    views.drawing = undefined;
    onTestFinished(() => {
      views.drawing = drawing;
    });
    const alone = await graph(x.mul(3), { x });
    expect(alone.svg).toBeUndefined();
    expect(Object.keys(alone.mimeBundle())).toEqual(['text/plain']);
    expect(alone.dot).toContain('MulBackward0');
  });

  const w = tensor([[0.5], [-1]], { requiresGrad: true });
  const b = zeros([1], { requiresGrad: true });
  const X = tensor([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);

  /** The lines in the box of a value, by the first line. */
  const boxes = (dot: string) => {
    const labels = [...dot.matchAll(/label=<(.*)>\];$/gm)].map(([, label]) =>
      label!.split('<br/>').map((line) => line.replace(/<[^>]*>/g, '')),
    );
    return new Map(labels.map(([first, ...rest]) => [first!, rest]));
  };
  /** The arrows, by the first lines of the boxes that they connect. */
  const arrows = (dot: string) => {
    const names = new Map([...dot.matchAll(/^ {2}(\w+) \[style.*?<b>(.*?)<\/b>/gm)].map(([, id, name]) => [id, name]));
    return [...dot.matchAll(/(\w+) -> (\w+);/g)].map(([, from, to]) => `${names.get(from!)} > ${names.get(to!)}`);
  };

  test('draws every value with its name, its number and its gradient, from left to right', async () => {
    const yHat = X.matmul(w).add(b);
    const drawing = await graph(yHat.square().sum(), { X, w, b, yHat });
    // ∇ŷ = 2 ŷ, ∇w = Xᵀ ∇ŷ, and ∇b is the sum of ∇ŷ.
    expect(boxes(drawing.dot)).toEqual(
      new Map([
        ['X', ['[3 × 2]']],
        ['w', ['[[0.5], [-1]]', '∇ [[-53], [-68]]']],
        ['v₁ = X w', ['[[-1.5], [-2.5], [-3.5]]', '∇ [[-3], [-5], [-7]]', 'MmBackward0']],
        ['b', ['[0]', '∇ [-15]']],
        ['y\u0302 = v₁ + b', ['[[-1.5], [-2.5], [-3.5]]', '∇ [[-3], [-5], [-7]]', 'AddBackward0']],
        ['v₂ = y\u0302²', ['[[2.25], [6.25], [12.25]]', '∇ [[1], [1], [1]]', 'PowBackward0']],
        ['y = Σᵢ v₂ᵢ', ['20.75', '∇ 1', 'SumBackward0']],
      ]),
    );
    expect(drawing.dot).toContain('rankdir=LR');
    expect(arrows(drawing.dot)).toEqual([
      'X > v₁ = X w',
      'w > v₁ = X w',
      'v₁ = X w > y\u0302 = v₁ + b',
      'b > y\u0302 = v₁ + b',
      'y\u0302 = v₁ + b > v₂ = y\u0302²',
      'v₂ = y\u0302² > y = Σᵢ v₂ᵢ',
    ]);
    expect(String(drawing).split('\n')).toEqual([
      'graph of y, 4 operations',
      '  X    [3 × 2]',
      '  w    [[0.5], [-1]]    ∇ [[-53], [-68]]',
      '  b    [0]    ∇ [-15]',
      '  v1 = matmul(X, w)    [[-1.5], [-2.5], [-3.5]]    ∇ [[-3], [-5], [-7]]',
      '  yHat = add(v1, b)    [[-1.5], [-2.5], [-3.5]]    ∇ [[-3], [-5], [-7]]',
      '  v2 = pow(yHat, 2)    [[2.25], [6.25], [12.25]]    ∇ [[1], [1], [1]]',
      '  y = sum(v2)    20.75    ∇ 1',
    ]);
  });

  test('is an SVG drawing that contains its texts, and is horizontal if it is long', async () => {
    const x = tensor(0.5, { requiresGrad: true });
    let y: Tensor = x;
    for (let i = 0; i < 12; i++) y = y.mul(x);
    const drawing = await graph(y, { x });
    expect(drawing.mimeBundle()['image/svg+xml']).toBe(drawing.svg);
    expect(drawing.svg).toMatch(/^<svg[\s\S]*<\/svg>\s*$/);
    const [, width, height] = drawing.svg!.match(/width="(\d+)pt" height="(\d+)pt"/)!.map(Number);
    expect(width).toBeGreaterThan(3 * height!);
    // d x¹³/dx = 13 x¹² at 0.5.
    for (const text of ['>x<', '>∇ 0.003174<', '>y = v₁₁ · x<', '>MulBackward0<']) expect(drawing.svg).toContain(text);
  });

  test('draws the gradients of explain, and changes none', async () => {
    const [p, q] = [tensor([3, 4], { requiresGrad: true }), tensor(2, { requiresGrad: true })];
    const y = p.mul(q).square().sum().div(p.sum());
    const ofGraph = [...boxes((await graph(y, { p, q })).dot).values()].flat().filter((line) => line.startsWith('∇'));
    expect(p.grad).toBeNull();
    y.backward();
    for (const { grad } of [p, q])
      expect(ofGraph).toContain(
        `∇ ${JSON.stringify(grad!.tolist(), (_, v) => (typeof v === 'number' ? Number(v.toPrecision(4)) : v)).replaceAll(',', ', ')}`,
      );
  });

  test('draws each used output of an operation with several', async () => {
    const [first, , third] = tensor([3, 4, 5], { requiresGrad: true }).unbind();
    const { dot } = await graph(first!.mul(third!));
    expect(arrows(dot)).toEqual([
      'unbind > v₁',
      'unbind > v₃',
      'leaf₁ > unbind',
      'v₁ > y = v₁ · v₃',
      'v₃ > y = v₁ · v₃',
    ]);
    expect(boxes(dot).get('v₃')).toEqual(['5', '∇ 3']);
    expect(boxes(dot).get('unbind')).toEqual(['UnbindBackward0']);
  });

  test('draws no gradients of other values, and shows names as text', async () => {
    const drawing = await graph(X.matmul(w), { '<b>&"w"': w });
    expect(drawing.dot).not.toContain('∇');
    expect(drawing.dot).toContain('<b>&lt;b&gt;&amp;&quot;w&quot;</b>');
    expect(drawing.svg).toContain('&lt;b&gt;&amp;');
  });

  test('is the same every time', async () => {
    const y = X.matmul(w).sum();
    expect((await graph(y, { w })).svg).toBe((await graph(y, { w })).svg);
  });

  test('rejects a tensor without history', async () => {
    await expect(graph(X)).rejects.toThrow('no history');
    await expect(graph([X] as never)).rejects.toThrow('graph: what to look into must be a tensor, got an array');
  });
});

test('writes transposed inverses as such', () => {
  const A = tensor([
    [2, 1],
    [1, 3],
  ]).requiresGrad_();
  const text = String(explain(A.det().add(linalg.eigvalsh(A).sum()), { A }));
  expect(text).toContain('∇A += ∇v1 (det A) A⁻ᵀ');
  expect(text).toContain('(diag(∇lambda) + (Vᵀ ∇V - ∇Vᵀ V)_ij / 2 (lambda_j - lambda_i)) Vᵀ');
});
