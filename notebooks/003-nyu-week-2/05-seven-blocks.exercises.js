const near = (a, b) => Math.abs(a - b) < 1e-6;
const same = (given, wanted) => given.length === wanted.length && given.every((v, i) => near(v, wanted[i]));

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  mean: {
    isRight: (each) => near(each, 2),
    praise: 'A fifth of the blame to each: the sum copies, the factor divides.',
    mistakes: [
      [(each) => near(each, 10), 'That is a sum. In the mean each counts by a fifth.'],
      [(each) => near(each, 50), 'Multiplied the wrong way: moving one of five moves the mean by a fifth.'],
      [(each) => near(each, 0.2), 'That is the slope of the mean by one of them; the blame comes as a factor.'],
    ],
    otherwise: 'Move one of the five by a hair. How far does the mean move?',
    tried: { right: [2], wrong: [10, 50, 0.2, 5] },
  },
  'two-gates': {
    isRight: (list) => same(list, [-1, 0, 1]),
    praise: 'One gate is open on each side, none at 0.',
    mistakes: [
      [(list) => list.length !== 3, 'Three numbers, at −3, 0 and 2.'],
      [(list) => near(list[0], 1), 'Left of 0 the second gate is open, and −x stands in it.'],
      [(list) => near(list[0], 0), 'Left of 0 the first gate is shut. And the second?'],
      [(list) => !near(list[1], 0), 'At exactly 0 relu passes no blame: both gates are shut.'],
    ],
    otherwise: 'Right of 0 only the first gate is open.',
    tried: {
      right: [[-1, 0, 1]],
      wrong: [[-1], [1, 0, 1], [0, 0, 1], [-1, 1, 1], [-1, 0, 2]],
    },
  },
};
