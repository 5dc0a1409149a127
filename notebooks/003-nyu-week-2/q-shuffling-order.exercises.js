const near = (a, b) => Math.abs(a - b) < 1e-6;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'as-little-harm': {
    isRight: (rate) => near(rate, 0.3),
    praise: '0.03 · 200 = 6 = 0.3 · 20.',
    mistakes: [
      [(rate) => near(rate, 0.003), 'Shorter runs do less harm, so they allow a larger rate.'],
      [(rate) => near(rate, 6), 'That is rate times run. Divide it by the new run.'],
    ],
    otherwise: 'Rate times run stays 0.03 · 200.',
    tried: { right: [0.3], wrong: [0.003, 6, 0.03] },
  },
};
