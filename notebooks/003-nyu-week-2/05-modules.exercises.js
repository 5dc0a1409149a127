const near = (a, b) => Math.abs(a - b) < 1e-6;
const same = (given, wanted) => given.length === wanted.length && given.every((v, i) => near(v, wanted[i]));

/** What comes back, and both inputs: off a tie and on it. */
const cases = [
  [3, 2, 1],
  [-2, 1, 4],
  [5, -1, -3],
  [4, 3, 3],
  [-6, 0, 0],
];
/** Whether a way back gives these pairs. */
const gives = (wanted) => (back) =>
  cases.every((one) => {
    const given = back(...one);
    return Array.isArray(given) && same(given, wanted(...one));
  });

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  mean: {
    isRight: (each) => near(each, 2),
    praise: 'A fifth of the gradient to each: the sum copies, the factor divides.',
    mistakes: [
      [(each) => near(each, 10), 'That is a sum. In the mean each counts by a fifth.'],
      [(each) => near(each, 50), 'Multiplied the wrong way: moving one of five moves the mean by a fifth.'],
      [(each) => near(each, 0.2), 'That is the slope of the mean by one of them; the gradient comes as a factor.'],
    ],
    otherwise: 'Move one of the five by a hair. How far does the mean move?',
    tried: { right: [2], wrong: [10, 50, 0.2, 5] },
  },
  'two-gates': {
    isRight: (list) => same(list, [-1, 0, 1]),
    praise: 'One gate is open on each side, none at 0.',
    mistakes: [
      [(list) => list.length !== 3, 'Three numbers, at −3, 0 and 2.'],
      [(list) => near(list[0], 1), 'Left of 0 the second gate is open, and its input is −x.'],
      [(list) => near(list[0], 0), 'Left of 0 the first gate is shut. And the second?'],
      [(list) => !near(list[1], 0), 'At exactly 0 relu passes no gradient: both gates are shut.'],
    ],
    otherwise: 'Right of 0 only the first gate is open.',
    tried: {
      right: [[-1, 0, 1]],
      wrong: [[-1], [1, 0, 1], [0, 0, 1], [-1, 1, 1], [-1, 0, 2]],
    },
  },
  'modules-max': {
    probe: [1, 2, 3],
    isRight: gives((dy, a, b) => (a > b ? [dy, 0] : a < b ? [0, dy] : [dy / 2, dy / 2])),
    praise: 'The larger one gets all of it, and a tie is split.',
    mistakes: [
      [
        gives((_, a, b) => (a > b ? [1, 0] : a < b ? [0, 1] : [0.5, 0.5])),
        'Those are the slopes. Times what comes back, dy.',
      ],
      [gives((dy, a, b) => (a > b ? [dy, 0] : [0, dy])), 'Right off a tie. On it, b gets all.'],
      [gives((dy, a, b) => (a >= b ? [dy, 0] : [0, dy])), 'Right off a tie. On it, a gets all.'],
      [
        gives((dy, a, b) => [a >= b ? dy : 0, b >= a ? dy : 0]),
        'At a tie both get all of it. Raise both by 0.01: how far does the maximum rise?',
      ],
      [
        gives((dy, a, b) => [a > b ? dy : 0, b > a ? dy : 0]),
        'At a tie your rule passes nothing on. Raise both by 0.01: the maximum rises.',
      ],
      [gives((dy, a, b) => (a < b ? [dy, 0] : a > b ? [0, dy] : [dy / 2, dy / 2])), 'That is the minimum.'],
      [gives((dy) => [dy, dy]), 'That is add. Of a maximum only the larger one is seen.'],
    ],
    otherwise: 'A list of two numbers: what a gets, then what b gets.',
    tried: {
      right: [(dy, a, b) => (a === b ? [dy / 2, dy / 2] : [a > b ? dy : 0, b > a ? dy : 0])],
      wrong: [
        (_, a, b) => (a > b ? [1, 0] : a < b ? [0, 1] : [0.5, 0.5]),
        (dy, a, b) => (a > b ? [dy, 0] : [0, dy]),
        (dy, a, b) => (a >= b ? [dy, 0] : [0, dy]),
        (dy, a, b) => [a >= b ? dy : 0, b >= a ? dy : 0],
        (dy, a, b) => [a > b ? dy : 0, b > a ? dy : 0],
        (dy, a, b) => (a < b ? [dy, 0] : a > b ? [0, dy] : [dy / 2, dy / 2]),
        (dy) => [dy, dy],
        (dy) => [dy / 2, dy / 2],
      ],
    },
  },
};
