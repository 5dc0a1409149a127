// Special functions, compared with values of 30 digits, and with identities.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  copySign,
  digamma,
  erf,
  erfc,
  erfinv,
  floorQuotient,
  halfToEven,
  lgamma,
  logAddExp,
  logOdds,
  polygamma,
  power,
  remainder,
  softplus,
  wholePower,
} from '../../src/kernels/scalar';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** Expects a small relative error, including that of the argument. */
function expectRelative(got: number, wanted: number, tolerance = 1e-14): void {
  expect(Math.abs(got - wanted), `${got}, expected ${wanted}`).toBeLessThanOrEqual(tolerance * Math.abs(wanted));
}

describe('special functions', () => {
  test.each<[string, (x: number) => number, [number, number][]]>([
    [
      'erf',
      erf,
      [
        [1e-9, 1.1283791670955127e-9],
        [0.1, 0.1124629160182849],
        [0.46875, 0.492613473217938],
        [0.5, 0.5204998778130465],
        [1, 0.8427007929497149],
        [2, 0.9953222650189527],
        [4, 0.9999999845827421],
        [5.9, 0.9999999999999999],
      ],
    ],
    [
      'erfc',
      erfc,
      [
        [-1, 1.842700792949715],
        [0.3, 0.6713732405408726],
        [0.5, 0.4795001221869535],
        [1, 0.15729920705028513],
        [3.9, 3.479224859723177e-8],
        [4.1, 6.700027654084918e-9],
        [10, 2.088487583762545e-45],
        [26, 5.663192408856143e-296],
      ],
    ],
    [
      'erfinv',
      erfinv,
      [
        [1e-10, 8.86226925452758e-11],
        [0.1, 0.0888559904942577],
        [-0.5, -0.4769362762044699],
        [0.9, 1.1630871536766743],
        [0.999999, 3.458910737275499],
        [0.999999999999, 5.042031898572696],
      ],
    ],
    [
      'lgamma',
      lgamma,
      [
        [1e-6, 13.815509980749432],
        [0.25, 1.2880225246980774],
        [0.5, Math.log(Math.PI) / 2],
        [1.5, -0.12078223763524522],
        [3.7, 1.428072326665388],
        [11, 15.104412573075516],
        [100.5, 361.4355404677776],
        [-0.5, 1.2655121234846454],
        [-3.3, -0.8243558050174264],
      ],
    ],
    [
      'digamma',
      digamma,
      [
        [0.001, -1000.5755719318103],
        [0.25, -4.2274535333762655],
        [1, -0.5772156649015329],
        [1.5, 0.03648997397857652],
        [11, 2.3517525890667215],
        [100.5, 4.605174352581845],
        [-3.3, 3.620353460592126],
      ],
    ],
    [
      'polygamma 1',
      (x) => polygamma(1, x),
      [
        [0.25, 17.19732915450711],
        [1, Math.PI ** 2 / 6],
        [11, 0.09516633568168575],
        [-0.5, 8.934802200544679],
        [-100.3, 15.069493149244011],
        [-1e6 - 0.25, 19.739207802179468],
      ],
    ],
    [
      'polygamma 2',
      (x) => polygamma(2, x),
      [
        [0.25, -129.3277399375369],
        [11, -0.009049834970802067],
        [-0.5, -0.82879664423432],
        [-12.75, -124.03079461415822],
      ],
    ],
    [
      'polygamma 5',
      (x) => polygamma(5, x),
      [
        [0.25, 491552.5137676813],
        [1.5, 11.113548602435497],
        [11, 0.0001859451621172682],
      ],
    ],
  ])('%s', (_, f, values) => {
    for (const [x, wanted] of values) expectRelative(f(x), wanted, 2e-14);
  });

  test('in the tails and outside the domain', () => {
    expect([inf, -inf, nan].map(erf)).toEqual([1, -1, nan]);
    expect([inf, -inf, nan, 40].map(erfc)).toEqual([0, 2, nan, 0]);
    expect([1, -1, 1.1, nan, 0].map(erfinv)).toEqual([inf, -inf, nan, nan, 0]);
    expect([0, -1, -2, inf, -inf, nan, 1, 2].map(lgamma)).toEqual([inf, inf, inf, inf, inf, nan, 0, 0]);
    expect([0, -3, -1e20, -inf].map((x) => polygamma(1, x))).toEqual([inf, inf, inf, nan]);
    expect([0, -0, -1, -2].map(digamma)).toEqual([-inf, inf, nan, nan]);
  });

  test('identities', () => {
    const unit = fc.double({ min: -0.99999, max: 0.99999, noNaN: true });
    const positive = fc.double({ min: 0.01, max: 50, noNaN: true });
    fc.assert(
      fc.property(unit, positive, (u, x) => {
        expect(Math.abs(erf(erfinv(u)) - u)).toBeLessThan(1e-15);
        expect(Math.abs(erf(u * 6) + erfc(u * 6) - 1)).toBeLessThan(3e-16);
        expect(erf(-x)).toBe(-erf(x));
        // Γ(x + 1) = x Γ(x), and its derivatives.
        expect(Math.abs(lgamma(x + 1) - lgamma(x) - Math.log(x))).toBeLessThan(2e-13);
        expect(Math.abs(digamma(x + 1) - digamma(x) - 1 / x)).toBeLessThan(1e-13 * (1 + 1 / x));
        expect(Math.abs(polygamma(1, x + 1) - polygamma(1, x) + 1 / x ** 2)).toBeLessThan(1e-13 * (1 + 1 / x ** 2));
      }),
      { seed: 420 },
    );
  });
});

describe('arithmetic as in C', () => {
  test('halves round to even', () => {
    expect([0.5, 1.5, 2.5, -0.5, -1.5, 2.4, 2.6, inf, nan].map(halfToEven)).toEqual([0, 2, 2, -0, -2, 2, 3, inf, nan]);
  });

  test('quotients and remainders', () => {
    expect([floorQuotient(7, 2), floorQuotient(-7, 2), floorQuotient(7, -2)]).toEqual([3, -4, -4]);
    // 1 / 0.1 rounds to 10, but 0.1 is a little more than a tenth.
    expect(floorQuotient(1, 0.1)).toBe(9);
    expect([floorQuotient(1, 0), floorQuotient(-1, inf), floorQuotient(inf, 2)]).toEqual([inf, -1, nan]);
    expect([remainder(7, 3), remainder(-7, 3), remainder(7, -3), remainder(-1, inf)]).toEqual([1, 2, -2, inf]);
    fc.assert(
      fc.property(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 1, max: 60 }), (a, b) => {
        expect(floorQuotient(a, b) * b + remainder(a, b)).toBe(a);
        expect(floorQuotient(a, -b) * -b + remainder(a, -b)).toBe(a);
      }),
      { seed: 420 },
    );
  });

  test('powers, signs, sums of exponentials', () => {
    expect([power(1, nan), power(-1, inf), power(-1, -inf), power(0, 0), power(nan, 0)]).toEqual([1, 1, 1, 1, 1]);
    expect([power(2, 10), power(-8, 1 / 3), power(0, -1)]).toEqual([1024, nan, inf]);
    expect([copySign(-2, 1), copySign(2, -1), copySign(2, -0), copySign(-2, 0)]).toEqual([2, -2, -2, 2]);
    expect([logAddExp(inf, inf), logAddExp(-inf, -inf), logAddExp(-inf, 3), logAddExp(1000, 0)]).toEqual([
      inf,
      -inf,
      3,
      1000,
    ]);
    expectRelative(logAddExp(0, Math.log(3)), Math.log(4));
    expect([softplus(1000), softplus(-1000), softplus(0)]).toEqual([1000, 0, Math.LN2]);
    expect([logOdds(0), logOdds(1), logOdds(0.5), logOdds(2)]).toEqual([-inf, inf, 0, nan]);
  });
});

describe('wholePower', () => {
  test('equals the power, exactly if every product is exact', () => {
    expect([0, 1, 2, 10, 52].map((n) => wholePower(3, n) / 3 ** n)).toEqual([1, 1, 1, 1, expect.closeTo(1, 14)]);
    expect([wholePower(-2, 63), wholePower(0.5, 1000), wholePower(0, 0)]).toEqual([-(2 ** 63), 2 ** -1000, 1]);
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 0.9999 }), fc.integer({ min: 0, max: 1000 }), (base, n) => {
        expect(Math.abs(wholePower(base, n) / base ** n - 1)).toBeLessThan((n + 8) * Number.EPSILON);
      }),
    );
  });
});
