import { createRequire } from 'node:module';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  bundleOf,
  displaySymbol,
  formatNumber,
  html,
  isDisplayable,
  isTensorLike,
  type MimeBundle,
  markdown,
  plainText,
  RichOutput,
  roundTo,
  show,
  toPlain,
} from '../../src/display';

class Badge extends RichOutput {
  mimeBundle(): MimeBundle {
    return { 'application/json': { stars: 3 }, 'text/plain': 'three stars' };
  }
}

describe('MIME bundles', () => {
  it("uses the symbol of Deno's convention", () => {
    expect(displaySymbol).toBe(Symbol.for('Jupyter.display'));
    expect(isDisplayable(new Badge())).toBe(true);
    for (const plain of [null, undefined, 3, 'text', {}, { [displaySymbol]: 3 }])
      expect(isDisplayable(plain)).toBe(false);
  });

  it('uses the bundle of a displayable, a string unchanged, and inspects the rest', () => {
    expect(bundleOf(new Badge())).toEqual({ 'application/json': { stars: 3 }, 'text/plain': 'three stars' });
    expect(bundleOf('a line')).toEqual({ 'text/plain': 'a line' });
    expect(bundleOf({ a: ['x'] })).toEqual({ 'text/plain': "{ a: [ 'x' ] }" });
    expect(bundleOf(null)).toEqual({ 'text/plain': 'null' });
  });

  it('finds the text of a bundle', () => {
    expect(plainText({ 'text/plain': 'a', 'text/markdown': 'b' })).toBe('a');
    expect(plainText({ 'text/markdown': 'b' })).toBe('b');
    expect(plainText({ 'image/png': '…', 'application/json': {} })).toBe('[image/png, application/json]');
  });

  it('gives rich outputs the same text for console.log, inspect and String', () => {
    expect(inspect(new Badge())).toBe('three stars');
    expect(String(new Badge())).toBe('three stars');
    expect(bundleOf(markdown('**b**'))).toEqual({ 'text/markdown': '**b**', 'text/plain': '**b**' });
    expect(bundleOf(markdown('**b**', 'b'))).toEqual({ 'text/markdown': '**b**', 'text/plain': 'b' });
    expect(bundleOf(html('<b>bold</b> text'))).toEqual({ 'text/html': '<b>bold</b> text', 'text/plain': 'bold text' });
  });
});

describe('show', () => {
  const scope = globalThis as { Jupyter?: unknown; __tslab__?: unknown };
  const log = vi.spyOn(console, 'log');
  beforeEach(() => void log.mockReset().mockImplementation(() => undefined));
  afterEach(() => {
    delete scope.Jupyter;
    delete scope.__tslab__;
  });

  it('prints the text outside a notebook, and returns nothing', () => {
    expect(show(new Badge())).toBeUndefined();
    show([1, 2]);
    expect(log.mock.calls).toEqual([['three stars'], ['[ 1, 2 ]']]);
  });

  it('waits for an asynchronous bundle', async () => {
    await show({ [displaySymbol]: async () => ({ 'text/plain': 'later' }) });
    expect(log.mock.calls).toEqual([['later']]);
  });

  it('passes an asynchronous failure to its awaiter', async () => {
    await expect(show({ [displaySymbol]: () => Promise.reject(new Error('no layout')) })).rejects.toThrow('no layout');
  });

  it('sends the whole bundle to a kernel with Jupyter.display', () => {
    const sent: unknown[][] = [];
    scope.Jupyter = { display: (...args: unknown[]) => void sent.push(args) };
    show(new Badge());
    show('again', { displayId: 'one', update: true });
    show('3 s', { volatile: true });
    const noted = { gradlab: { displayId: 'one' } };
    expect(sent).toEqual([
      [{ 'application/json': { stars: 3 }, 'text/plain': 'three stars' }, { raw: true }],
      [{ 'text/plain': 'again' }, { raw: true, displayId: 'one', update: true, metadata: noted }],
      [{ 'text/plain': '3 s' }, { raw: true, metadata: { gradlab: { volatile: true } } }],
    ]);
    expect(log).not.toHaveBeenCalled();
  });

  it('sends the whole bundle as one output through stock tslab, updates included', () => {
    const require = createRequire(__filename);
    const kernel = require('tslab/dist/jupyter') as { lastWriteDisplayData: unknown };
    const sent: unknown[][] = [];
    kernel.lastWriteDisplayData = (...args: unknown[]) => void sent.push(args);
    scope.__tslab__ = { require };
    try {
      show(new Badge());
      show('again', { displayId: 'one', update: true });
    } finally {
      kernel.lastWriteDisplayData = null;
    }
    const data = { 'application/json': { stars: 3 }, 'text/plain': 'three stars' };
    expect(sent).toEqual([
      [{ data, metadata: {}, transient: {} }, false],
      [
        {
          data: { 'text/plain': 'again' },
          metadata: { gradlab: { displayId: 'one' } },
          transient: { display_id: 'one' },
        },
        true,
      ],
    ]);
    expect(log).not.toHaveBeenCalled();
    show('no request yet');
    expect(log.mock.calls).toEqual([['no request yet']]);
  });
});

describe('numbers', () => {
  const tensor = {
    shape: [2, 2],
    tolist: () => [
      [1, 2],
      [3, 4],
    ],
  };

  it('detects tensors by their shape and tolist', () => {
    expect(isTensorLike(tensor)).toBe(true);
    for (const other of [null, 3, [1], { shape: [1] }, { shape: 3, tolist: () => 3 }]) {
      expect(isTensorLike(other)).toBe(false);
    }
  });

  it('unpacks tensors and typed arrays at any depth', () => {
    expect(toPlain(tensor)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(toPlain(Float32Array.of(1, 2))).toEqual([1, 2]);
    expect(toPlain([Float64Array.of(1), { shape: [], tolist: () => 7 }])).toEqual([[1], 7]);
    expect(toPlain(5)).toBe(5);
  });

  it('rounds to significant digits', () => {
    expect(roundTo(0.123456)).toBe(0.1235);
    expect(roundTo(-24204.7)).toBe(-24200);
    expect(roundTo(1.23456, 2)).toBe(1.2);
    expect(roundTo(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(roundTo(Number.NaN)).toBeNaN();
  });

  it('formats numbers without trailing zeros, with an exponent if the plain form is long', () => {
    const cases: [number, string][] = [
      [0, '0'],
      [-0, '0'],
      [2.1449652, '2.145'],
      [1, '1'],
      [-308, '-308'],
      [2420, '2420'],
      [0.05, '0.05'],
      [1e-4, '0.0001'],
      [3.1234e-9, '3.123e-9'],
      [5e-324, '5e-324'],
      [12345678, '1.235e7'],
      [9999999, '1e7'],
      [7.02e18, '7.02e18'],
      [Number.NaN, 'NaN'],
      [Number.NEGATIVE_INFINITY, '-Infinity'],
      [162.04999, '162'],
    ];
    for (const [value, text] of cases) expect(formatNumber(value), String(value)).toBe(text);
    expect(formatNumber(3.1234e-9, 2)).toBe('3.1e-9');
  });
});
