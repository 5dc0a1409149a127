import { describe, expect, test } from 'vitest';
import {
  AutogradError,
  defineOp,
  detectAnomaly,
  grad,
  isAnomalyEnabled,
  nn,
  setDetectAnomaly,
  type Tensor,
  tensor,
} from '../../src';
import { leaf } from '../support/tensors';

/** The message of the error that `body` throws. */
function complaint(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    expect(error).toBeInstanceOf(AutogradError);
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

/** The line of this file that calls it. */
const here = (): number => linesNamed(new Error().stack!)[1];

const linesNamed = (message: string) => [...message.matchAll(/anomaly\.test\.ts:(\d+)/g)].map((m) => Number(m[1]));

const broken = defineOp({
  name: 'testBroken',
  forward: (x: Tensor) => x.mul(1),
  vjp: {
    x: () => {
      throw new RangeError('out of luck');
    },
  },
});

describe('detectAnomaly', () => {
  test('names the operation whose gradient is NaN, and the line that called it', () => {
    const x = leaf([0, 1]);
    let line = 0;
    const message = complaint(() =>
      detectAnomaly(() => {
        line = here() + 1;
        const h = x.sqrt();
        return h.mul(0).sum().backward();
      }),
    );
    expect(message).toContain('SqrtBackward0: its backward step gave NaN as the gradient of input 0 (shape [2])');
    expect(message).toContain('The operation was recorded by\n    at ');
    expect(linesNamed(message)[0]).toBe(line);
    expect(message).not.toMatch(/src.autograd|src.ops/);
    expect(x.grad).toBeNull();
  });

  test('names the line through the layers of a network', () => {
    const net = new nn.Sequential(new nn.Flatten(), new nn.Linear(2, 1), new nn.Sigmoid());
    let line = 0;
    const message = complaint(() =>
      detectAnomaly(() => {
        line = here() + 1;
        const y = net(tensor([[Infinity, 1]]));
        // The sigmoid is flat at infinity, and 0·∞ is NaN.
        y.sum().backward();
      }),
    );
    expect(linesNamed(message)[0]).toBe(line);
    expect(message).not.toMatch(/src.(autograd|ops|nn)/);
  });

  test('a backward step that throws is named as well, with its error as the cause', () => {
    const x = leaf(1);
    let line = 0;
    try {
      detectAnomaly(() => {
        line = here() + 1;
        const y = broken(x);
        y.backward();
      });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(AutogradError);
      expect((error as Error).message).toContain('TestBrokenBackward0: its backward step failed: out of luck');
      expect((error as Error).cause).toBeInstanceOf(RangeError);
      expect(linesNamed((error as Error).message)[0]).toBe(line);
    }
    expect(() => broken(x).backward()).toThrow(RangeError);
  });

  test('a second derivative names both lines', () => {
    const x = leaf([0, 1]);
    let line = 0;
    const message = complaint(() =>
      detectAnomaly(() => {
        line = here() + 1;
        const y = x.pow(1.5);
        const [g] = grad(y.sum(), x, { createGraph: true });
        g.mul(0).sum().backward();
      }),
    );
    expect(message).toMatch(/PowBackward0: its backward step gave NaN/);
    expect(message).toContain('\nin the backward step of PowBackward0\nThe operation was recorded by');
    expect(linesNamed(message)).toContain(line);
    expect(linesNamed(message)).toContain(line + 1);
  });

  test('reports a forward pass outside of the mode', () => {
    const x = leaf([0]);
    const y = x.sqrt().mul(0).sum();
    const message = complaint(() => detectAnomaly(() => y.backward(undefined, { retainGraph: true })));
    expect(message).toContain('The operation was recorded outside detectAnomaly, so its line is not known');
    y.backward();
    expect(x.grad!.tolist()).toEqual([NaN]);
  });

  test('without checkNan only errors count', () => {
    const x = leaf([0]);
    detectAnomaly(() => x.sqrt().mul(0).sum().backward(), { checkNan: false });
    expect(x.grad!.tolist()).toEqual([NaN]);
    expect(complaint(() => detectAnomaly(() => broken(x).sum().backward(), { checkNan: false }))).toContain(
      'out of luck',
    );
  });

  test('changes nothing for valid gradients', () => {
    const x = leaf([1, 2]);
    expect(detectAnomaly(() => x.mul(x).sum().backward())).toBeUndefined();
    expect(x.grad!.tolist()).toEqual([2, 4]);
  });
});

test('the mode is off afterwards, and can be set by hand', () => {
  expect(isAnomalyEnabled()).toBe(false);
  expect(detectAnomaly(() => isAnomalyEnabled())).toBe(true);
  expect(detectAnomaly(() => 'result')).toBe('result');
  expect(() =>
    detectAnomaly(() => {
      throw new Error('inside');
    }),
  ).toThrow('inside');
  expect(isAnomalyEnabled()).toBe(false);
  expect(() => detectAnomaly(async () => 1)).toThrow('detectAnomaly: the body must not be asynchronous');
  for (const mode of [undefined, null, 1, 'on'] as unknown[] as boolean[]) {
    expect(() => setDetectAnomaly(mode)).toThrow('setDetectAnomaly: expected true or false, got ');
    const options = { checkNan: mode ?? null };
    expect(() => setDetectAnomaly(true, options)).toThrow('setDetectAnomaly: checkNan must be true or false, got ');
    expect(() => detectAnomaly(() => 1, options)).toThrow('detectAnomaly: checkNan must be true or false, got ');
  }
  expect(isAnomalyEnabled()).toBe(false);
  const x = leaf([0]);
  setDetectAnomaly(true);
  try {
    expect(complaint(() => x.sqrt().mul(0).sum().backward())).toContain('SqrtBackward0');
  } finally {
    setDetectAnomaly(false);
  }
  expect(isAnomalyEnabled()).toBe(false);
  x.sqrt().mul(0).sum().backward();
  expect(x.grad!.tolist()).toEqual([NaN]);
});
