const near = (a, b) => Math.abs(a - b) < 1e-6;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'one-for-eight': {
    isRight: (v) => near(v, 2),
    praise: 'Eight times 0.25: as loud as all eight.',
    mistakes: [
      [(v) => near(v, 0.25), 'Then it says an eighth of what the eight said together.'],
      [(v) => near(v, 5.6), 'That is 8 · 0.7. The input weight stays; what is added up is what comes out.'],
      [(v) => near(v, 8), 'Eight times what each had?'],
      [(v) => near(v, 0.25 / 8), 'Divided by 8 in place of multiplied.'],
    ],
    otherwise: 'One neuron must say what eight said together: add up eight equal terms.',
    tried: { right: [2], wrong: [0.25, 5.6, 8, 0.03125, 1] },
  },
  'half-alike': {
    isRight: (count) => count === 2,
    praise: 'Two kinds: within each the slopes are equal, at every step.',
    mistakes: [
      [(count) => count === 6, 'Those that start alike have the same slopes, so they stay alike.'],
      [(count) => count === 1, 'The two kinds start apart, and nothing makes them equal.'],
      [(count) => count === 3, 'Three of a kind, but how many kinds?'],
    ],
    otherwise: 'Count the groups of neurons that start with the same numbers.',
    tried: { right: [2], wrong: [6, 1, 3, 4] },
  },
};
