const near = (a, b, share) => Number.isFinite(a) && Math.abs(a - b) < share * b;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  uneven: {
    isRight: (loss) => near(loss, 0.562335, 0.01),
    praise: 'The last bias learns to say 0.25 to everyone, and that costs 0.562.',
    mistakes: [
      [(loss) => near(loss, Math.LN2, 0.01), 'That is the price of saying ½. A bias can do better here.'],
      [(loss) => near(loss, 0.811, 0.01), 'That is in bits; here the logarithm is the natural one.'],
      [(loss) => near(loss, 0.25, 0.01), 'That is the share of wrong answers, if it always says no.'],
    ],
    otherwise: 'Everyone gets the same answer p. Which p is best, and what does it cost on average?',
    tried: { right: [0.5623], wrong: [0.69, 0.811, 0.25, 1] },
  },
};
