const threeGoals = [
  [0, -3],
  [1, -4],
  [2, -4],
  [4, 4],
];
const same = (a, b) => a.length === b.length && a.every((value, i) => value === b[i]);

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'three-goals': {
    isRight: (start) => threeGoals.some((one) => same(one, start)),
    praise: 'Only four of the 81 starts lie between so many borders.',
    mistakes: [
      [(start) => start.length !== 2, 'One place is asked for, as [w₁, w₂].'],
      [
        (start) => start.some((value) => !Number.isInteger(value) || Math.abs(value) > 4),
        'Two whole numbers from −4 to 4 are asked for. Elsewhere there are more such places, but none is checked here.',
      ],
    ],
    otherwise: 'From there they end at one goal or at two: differentFrom([x, y]) tells.',
    tried: {
      right: [
        [0, -3],
        [4, 4],
      ],
      wrong: [[1], [0.2, -3], [5, 5], [0, 0]],
    },
  },
  'rate-doubles': {
    isRight: (steps) => steps === 14,
    praise:
      '0.9 to the power −7 is 2.09: a rest of 14 steps doubles the rate, one of 46 makes it eleven times as large.',
    mistakes: [
      [(steps) => steps === 7, 'After seven steps the memory V has halved. The rate has its root below the line.'],
      [(steps) => steps === 13, 'Nearly: after 13 steps the factor is 1.98.'],
    ],
    otherwise: 'The memory shrinks by 0.9 in each step, its root by √0.9. When is 0.9 to the power n/2 below a half?',
    tried: { right: [14], wrong: [7, 13, 2] },
  },
};
