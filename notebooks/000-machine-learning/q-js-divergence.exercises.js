const near = (value, right) => Math.abs(value - right) < 1e-9;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'wider-heaps': {
    isRight: (times) => near(times, 0.6),
    praise: 'Three fifths of each lie alone, and each share that lies alone counts log 2.',
    mistakes: [
      [(times) => near(times, 1), 'So it is when they do not touch any more.'],
      [(times) => near(times, 0.4), 'That is the share of each that lies over the other.'],
      [(times) => near(times, 0.6 * Math.LN2), 'That is the score itself; asked is how many times log 2.'],
      [(times) => near(times, 30), 'That is the haul.'],
    ],
    otherwise: 'Which share of a heap lies where the other is not?',
    tried: { right: [0.6], wrong: [1, 0.4, 0.6 * Math.LN2, 30, 0.5] },
  },
  'three-to-one': {
    isRight: (D) => near(D, 0.75),
    praise: 'Three of four there are true.',
    mistakes: [
      [(D) => near(D, 1), 'One in four is forged, and to be sure and wrong there costs without limit.'],
      [(D) => near(D, 0.25), 'That is how likely it is forged.'],
      [(D) => near(D, 3), 'A likelihood lies between 0 and 1.'],
      [(D) => near(D, 1 / 3), 'That is q over p.'],
    ],
    otherwise: 'p/(p + q), with p three times q.',
    tried: { right: [0.75], wrong: [1, 0.25, 3, 1 / 3, 0.5] },
  },
};
