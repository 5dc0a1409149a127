const near = (a, b, share) => Number.isFinite(a) && Math.abs(a - b) < share * b;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  rungs: {
    isRight: (left) => near(left, 0.25 ** 7, 0.2),
    praise: 'Seven rungs lead from the ninth layer to the second, and each of them passes a quarter: a 16,384th.',
    mistakes: [
      [(left) => near(left, 0.25 ** 8, 0.2), 'From layer 9 to layer 2 there are seven rungs.'],
      [(left) => near(left, 0.125 ** 7, 0.2), 'That is for g = ½, as in A.'],
      [(left) => near(left, 1 / 28, 0.2), 'Factors multiply: it is not 7 times a quarter below.'],
    ],
    otherwise: 'A quarter for each rung, from layer 9 down to layer 2.',
    tried: { right: [0.25 ** 7, 6.1e-5], wrong: [0.25 ** 8, 0.125 ** 7, 1 / 28, 0.25] },
  },
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
