import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toPoints, toUnits } from '../../../kernel-setup/kernel/host/positions';

test('an emoji is one code point and two UTF-16 units', () => {
  expect(toUnits('a🎈b', 2)).toBe(3);
  expect(toPoints('a🎈b', 3)).toBe(2);
});

test('clamps positions outside the text', () => {
  expect(toUnits('ab', 99)).toBe(2);
  expect(toUnits('ab', -1)).toBe(0);
  expect(toUnits('ab', Number.POSITIVE_INFINITY)).toBe(2);
});

test('the conversions are inverse', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'é', '🎈') }), fc.nat(), (text, n) => {
      const points = Array.from(text).length;
      const position = n % (points + 1);
      expect(toPoints(text, toUnits(text, position))).toBe(position);
    }),
  );
});
