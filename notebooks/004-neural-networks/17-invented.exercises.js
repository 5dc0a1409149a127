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
  'closer-rings': {
    isRight: (cuts) => cuts === 6,
    praise: 'A hexagon: its corners are at 1.155.',
    mistakes: [
      [(cuts) => cuts === 5, 'A pentagon around the inner ring has its corners at 1.236, beyond the outer one.'],
      [(cuts) => cuts > 6, 'It does it. But fewer do.'],
      [(cuts) => cuts === 3, 'So many are enough for radii 1 and 2. Here the triangle’s corners would be at 2.'],
    ],
    otherwise: 'For which n is 1/cos(π/n) at most 1.2?',
    tried: { right: [6], wrong: [5, 7, 3, 4] },
  },
};
