const near = (a, b, by = 0.0006) => Math.abs(a - b) < by;
const isWhole = ({ tame }) => tame.batches === 40;
const failed = (found) => Object.values(found).some(({ error }) => error);
const ran = (wild, rising, tame, error) => ({
  wild: { batches: wild, ...(error && { error: error }) },
  rising: { batches: rising },
  tame: { batches: tame },
});

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'gathered-steps': {
    isRight: (steps) => steps === 40,
    praise: 'Sixteen batches are eight steps, five times.',
    mistakes: [
      [(steps) => steps === 80, 'That is one step a batch; here two batches share one.'],
      [(steps) => steps === 8, 'That is one epoch.'],
      [(steps) => steps === 39 || steps === 35, 'The last batch of an epoch, of 40 rows, counts as well: 16 batches.'],
    ],
    otherwise: 'Count the batches of an epoch, ⌈1000/64⌉, then pairs of them, then epochs.',
    tried: { right: [40], wrong: [80, 8, 39, 35, 10] },
  },
  'gradient-guard': {
    isRight: (found) => found.wild.batches === 3 && found.rising.batches === 4 && isWhole(found) && !failed(found),
    praise:
      'At rate 2 it ends in batch 3, at rate 1.5 in batch 4; at rate 0.1 all 40 batches pass. The step of that batch is still made: false ends the training after it.',
    mistakes: [
      [failed, 'It ends in an error. An error loses the history: return false.'],
      [
        (found) => !isWhole(found),
        'It also stops a training whose gradients are small. Only false ends it: when is it returned?',
      ],
      [
        ({ wild }) => wild.batches === 40,
        'It never stops the training at rate 2. Is false returned? After zeroGrad the gradients are 0.',
      ],
      [({ wild, rising }) => wild.batches < 3 || rising.batches < 4, 'It stops before the norm exceeds 100.'],
    ],
    otherwise:
      'It stops too late. Is it asked in each batch, and is it the norm of all gradients together, not of one parameter, not of the weights?',
    tried: {
      right: [ran(3, 4, 40)],
      wrong: [ran(3, 4, 40, 'too large'), ran(40, 40, 40), ran(3, 4, 1), ran(3, 3, 40), ran(4, 5, 40), ran(4, 4, 40)],
    },
  },
  'without-log': {
    isRight: (share) => near(share, 0.0999),
    praise: 'Nine throws in ten are spent between 0.1 and 1. By the logarithm it is one in four.',
    mistakes: [
      [(share) => near(share, 0.75), 'That is the share where the logarithm is thrown evenly: three of four decades.'],
      [(share) => near(share, 0.9), 'That is the share above 0.1.'],
      [(share) => near(share, 9.99, 0.05), 'Per cent: give a number from 0 to 1.'],
    ],
    otherwise: 'The numbers from 0.0001 to 0.1 are how much of the length from 0.0001 to 1?',
    tried: { right: [0.0999, 0.1], wrong: [0.75, 0.9, 9.99, 0.5] },
  },
};
