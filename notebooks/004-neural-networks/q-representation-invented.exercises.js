const near = (a, b, tolerance = 1e-6) => Math.abs(a - b) <= tolerance;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'read-the-net': {
    isRight: (far) => near(far, 3.5),
    praise: 'From −6 to 34 are 40, at 16 for each unit: 2.5 beyond the inner ring.',
    mistakes: [
      [(far) => near(far, 2.5), 'So far it is from the inner ring. That has a radius of 1 itself.'],
      [(far) => near(far, 4.5), 'Counted from the outer ring, at 10, it is 24 further up.'],
      [(far) => near(far, 34 / 16, 0.01), 'The scale does not begin at 0: in the middle the net says about −22.'],
    ],
    otherwise: 'From ring to ring it climbs by 16. How much is it from −6 to 34?',
    tried: { right: [3.5], wrong: [2.5, 4.5, 2.125, 3] },
  },
  pyramid: {
    isRight: (times) => near(times, Math.SQRT2, 2e-3),
    praise: 'It says 1 on the axes and √2 on the diagonals: its lines of equal output are squares.',
    mistakes: [
      [(times) => near(times, 2, 2e-3), 'It says 2 at (1, 1), but that lies at distance √2.'],
      [(times) => near(times, 1, 2e-3), 'On the axes it says 1. And on the diagonals?'],
      [(times) => near(times, Math.SQRT1_2, 2e-3), 'The other way round: the largest over the smallest.'],
    ],
    otherwise: 'Compare (1, 0) with the place at distance 1 where both coordinates are equal.',
    tried: { right: [Math.SQRT2], wrong: [2, 1, Math.SQRT1_2, 3] },
  },
};
