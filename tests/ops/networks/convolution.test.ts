// Convolution compared with its definition, element by element, for random sizes and options.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gradcheck, nn, type Tensor, tensor } from '../../../src';
import type { ConvolutionPlan } from '../../../src/kernels/convolution';
import { convolutions } from '../../../src/ops/networks/convolution';

const whole = (min: number, max: number) => fc.integer({ min, max });
const pair = (min: number, max: number) => fc.tuple(whole(min, max), whole(min, max));

/** Two-dimensional convolutions with valid kernel sizes. */
const plans = fc
  .record({
    groups: whole(1, 3),
    cin: whole(1, 2),
    cout: whole(1, 2),
    kernel: pair(1, 3),
    output: pair(1, 3),
    stride: pair(1, 3),
    padding: pair(0, 2),
    dilation: pair(1, 2),
    rest: pair(0, 2),
  })
  .map(({ groups, cin, cout, kernel, output, stride, padding, dilation, rest }): ConvolutionPlan => {
    // The smallest input with this output, or a larger one up to the stride.
    const input = output.map((n, d) =>
      Math.max((n - 1) * stride[d] + dilation[d] * (kernel[d] - 1) + 1 - 2 * padding[d] + (rest[d] % stride[d]), 1),
    );
    const fits = input.map((n, d) => (n + 2 * padding[d] - dilation[d] * (kernel[d] - 1) - 1) / stride[d]);
    return {
      groups,
      inChannels: groups * cin,
      outChannels: groups * cout,
      input,
      kernel,
      output: fits.map((n) => Math.floor(n) + 1),
      stride,
      padding,
      dilation,
    };
  });

/** Calls `meet` with all matching positions of input, kernel and output. */
function forEachMeeting(p: ConvolutionPlan, batch: number, meet: (x: number, w: number, y: number) => void): void {
  const [cin, cout] = [p.inChannels / p.groups, p.outChannels / p.groups];
  const at = (sizes: readonly number[], index: readonly number[]) => index.reduce((sum, i, d) => sum * sizes[d] + i, 0);
  for (let n = 0; n < batch; n++)
    for (let o = 0; o < p.outChannels; o++)
      for (let c = 0; c < cin; c++)
        for (let k = 0; k < p.kernel[0]; k++)
          for (let l = 0; l < p.kernel[1]; l++)
            for (let i = 0; i < p.output[0]; i++)
              for (let j = 0; j < p.output[1]; j++) {
                const row = i * p.stride[0] + k * p.dilation[0] - p.padding[0];
                const column = j * p.stride[1] + l * p.dilation[1] - p.padding[1];
                if (row < 0 || row >= p.input[0] || column < 0 || column >= p.input[1]) continue;
                const channel = Math.floor(o / cout) * cin + c;
                meet(
                  at([batch, p.inChannels, ...p.input], [n, channel, row, column]),
                  at([p.outChannels, cin, ...p.kernel], [o, c, k, l]),
                  at([batch, p.outChannels, ...p.output], [n, o, i, j]),
                );
              }
}

/** Integers, so that sums are exact in any order. */
const filled = (shape: number[], seed: number, dtype: 'float64' | 'int32'): Tensor =>
  tensor(
    Array.from({ length: shape.reduce((n, m) => n * m, 1) }, (_, i) => ((i * 7 + seed) % 11) - 5),
    { dtype },
  ).reshape(shape);

describe.each(['float64', 'int32'] as const)('the definition, in %s', (dtype) => {
  test('output, input and weight from the other two', () => {
    fc.assert(
      fc.property(plans, whole(0, 3), (p, batch) => {
        const shapes = {
          x: [batch, p.inChannels, ...p.input],
          w: [p.outChannels, p.inChannels / p.groups, ...p.kernel],
          y: [batch, p.outChannels, ...p.output],
        };
        const x = filled(shapes.x, 1, dtype);
        const w = filled(shapes.w, 2, dtype);
        const y = filled(shapes.y, 3, dtype);
        const expected = {
          x: new Float64Array(x.numel()),
          w: new Float64Array(w.numel()),
          y: new Float64Array(y.numel()),
        };
        forEachMeeting(p, batch, (i, k, o) => {
          expected.y[o] += x.data[i] * w.data[k];
          expected.x[i] += w.data[k] * y.data[o];
          expected.w[k] += x.data[i] * y.data[o];
        });
        const same = (got: Tensor, want: Float64Array, shape: number[]) => {
          expect(got.shape).toEqual(shape);
          expect(Array.from(got.toArray(), (v) => v + 0)).toEqual(Array.from(want, (v) => v + 0));
        };
        same(convolutions.convolution(x, w, null, p), expected.y, shapes.y);
        same(convolutions.convolutionTransposed(y, w, null, p), expected.x, shapes.x);
        same(convolutions.convolutionWeight(x, y, p), expected.w, shapes.w);
        const options = { stride: p.stride, padding: p.padding, dilation: p.dilation, groups: p.groups };
        same(nn.functional.conv2d(x, w, options), expected.y, shapes.y);
      }),
      { seed: 3, numRuns: 150 },
    );
  });
});

test('a bias is added to its channel', () => {
  fc.assert(
    fc.property(plans, whole(1, 2), (p, batch) => {
      const x = filled([batch, p.inChannels, ...p.input], 1, 'float64');
      const w = filled([p.outChannels, p.inChannels / p.groups, ...p.kernel], 2, 'float64');
      const y = filled([batch, p.outChannels, ...p.output], 3, 'float64');
      const [out, into] = [filled([p.outChannels], 4, 'float64'), filled([p.inChannels], 5, 'float64')];
      const added = (plain: Tensor, bias: Tensor) => plain.add(bias.reshape(-1, 1, 1)).tolist();
      expect(convolutions.convolution(x, w, out, p).tolist()).toEqual(
        added(convolutions.convolution(x, w, null, p), out),
      );
      expect(convolutions.convolutionTransposed(y, w, into, p).tolist()).toEqual(
        added(convolutions.convolutionTransposed(y, w, null, p), into),
      );
    }),
    { seed: 3, numRuns: 50 },
  );
});

test('gradients through conv2d and convTranspose2d with every option', () => {
  fc.assert(
    fc.property(plans, (p) => {
      const leaf = (shape: number[], seed: number) => filled(shape, seed, 'float64').div(5).detach().requiresGrad_();
      const x = leaf([1, p.inChannels, ...p.input], 1);
      const w = leaf([p.outChannels, p.inChannels / p.groups, ...p.kernel], 2);
      const y = leaf([1, p.outChannels, ...p.output], 3);
      const { stride, padding, dilation, groups } = p;
      const options = { stride, padding, dilation, groups };
      const f = (a: Tensor, b: Tensor, bias: Tensor) => nn.functional.conv2d(a, b, { ...options, bias }).tanh();
      expect(gradcheck(f, [x, w, leaf([p.outChannels], 4)])).toBe(true);
      const outputPadding = p.input.map(
        (n, d) => n - ((p.output[d] - 1) * stride[d] - 2 * padding[d] + dilation[d] * (p.kernel[d] - 1) + 1),
      );
      const g = (a: Tensor, b: Tensor, bias: Tensor) =>
        nn.functional.convTranspose2d(a, b, { ...options, outputPadding, bias }).tanh();
      expect(gradcheck(g, [y, w, leaf([p.inChannels], 4)])).toBe(true);
    }),
    { seed: 3, numRuns: 8 },
  );
});
