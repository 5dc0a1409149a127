/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'half-the-noise': {
    isRight: (batch) => batch === 128,
    praise: 'Half the spread is a quarter of the variance.',
    mistakes: [
      [(batch) => batch === 64, 'Twice the rows make the variance half, and the spread smaller by the root of 2 only.'],
      [(batch) => batch < 32, 'Fewer rows make more noise.'],
    ],
    otherwise: 'The spread goes with one over the root of B.',
    tried: { right: [128], wrong: [64, 16, 100] },
  },
  'steps-in-all': {
    isRight: (steps) => steps === 2811,
    praise: '937 whole batches, three times.',
    mistakes: [
      [(steps) => steps === 2814, 'That counts the incomplete batch of each epoch, which is dropped.'],
      [
        (steps) => steps === 2812 || steps === 2812.5,
        'The incomplete batch is dropped in every epoch, not once at the end.',
      ],
      [(steps) => steps === 937, 'That is one epoch.'],
    ],
    otherwise: 'Whole batches of 64 in 60,000 rows, times the epochs.',
    tried: { right: [2811], wrong: [2814, 2812.5, 937, 1000] },
  },
};
