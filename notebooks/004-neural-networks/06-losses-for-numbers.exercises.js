const near = (a, b) => Math.abs(a - b) < 1e-6;

/** Residuals and bounds that no cell shows. */
const hidden = [-40, -3.7, -1.2, -0.3, 0, 0.4, 0.9, 2.6, 55].flatMap((r) => [0.5, 1, 3].map((delta) => [r, delta]));
const agrees = (voice, wanted) =>
  hidden.every(([r, delta]) => Math.abs(voice(r, delta) - wanted(r, delta)) < 1e-9 * (1 + Math.abs(r)));
const root = (r, delta) => Math.sqrt(1 + (r / delta) ** 2);
const smooth = (r, delta) => r / root(r, delta);

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'nine-to-one': {
    isRight: (delta) => near(delta, 4.5),
    praise: 'Moved by 0.5, each of the nine pulls back with 0.5: 4.5 together, and louder the tenth may not be.',
    mistakes: [
      [(delta) => near(delta, 0.5), 'Nine share the pull: with δ = 0.5 the answer moves by a ninth of it.'],
      [(delta) => near(delta, 5), 'The tenth does not hold itself back: nine pull against it.'],
      [(delta) => near(delta, 2), 'So it was with four who hold. Here there are nine.'],
      [(delta) => delta > 0 && delta < 4.5, 'With that it moves by less than 0.5. A larger δ is allowed.'],
      [(delta) => delta > 4.5, 'With that a tenth measurement that is far away moves the answer by more than 0.5.'],
    ],
    otherwise: 'The voices balance: nine small ones against one that is at most δ.',
    tried: { right: [4.5], wrong: [0.5, 5, 2, 1, 10, -1] },
  },
  'no-seam': {
    probe: [1, 2],
    isRight: (voice) => agrees(voice, smooth),
    praise: 'It is r near 0 and never louder than δ, and nowhere does a rule change.',
    mistakes: [
      [
        (voice) => agrees(voice, (r, delta) => Math.max(-delta, Math.min(delta, r))),
        'That is the voice of Huber with its seam.',
      ],
      [(voice) => agrees(voice, (r, delta) => Math.abs(smooth(r, delta))), 'Left of zero it pulls the other way.'],
      [(voice) => agrees(voice, (r, delta) => -smooth(r, delta)), 'The sign: for r above 0 the loss rises with r.'],
      [
        (voice) => agrees(voice, (r, delta) => delta ** 2 / (2 * root(r, delta))),
        'That is the slope by what is below the root. What is below it changes with r as well: 2r/δ².',
      ],
      [
        (voice) => agrees(voice, (r, delta) => r / (delta ** 2 * root(r, delta))),
        'The δ² in front is missing: it cancels the one below.',
      ],
      [(voice) => agrees(voice, (r, delta) => (2 * r) / root(r, delta)), 'Twice too much: a root brings a ½.'],
    ],
    otherwise: 'Compare with differences: it is r for small r, and close to δ for large ones.',
    tried: {
      right: [(r, delta) => r / Math.sqrt(1 + (r / delta) ** 2), (r, delta) => (delta * r) / Math.hypot(r, delta)],
      wrong: [
        (r, delta) => Math.max(-delta, Math.min(delta, r)),
        (r, delta) => Math.abs(r) / Math.sqrt(1 + (r / delta) ** 2),
        (r, delta) => -r / Math.sqrt(1 + (r / delta) ** 2),
        (r, delta) => delta ** 2 / (2 * Math.sqrt(1 + (r / delta) ** 2)),
        (r, delta) => r / (delta ** 2 * Math.sqrt(1 + (r / delta) ** 2)),
        (r, delta) => (2 * r) / Math.sqrt(1 + (r / delta) ** 2),
        (r) => r,
      ],
    },
  },
};
