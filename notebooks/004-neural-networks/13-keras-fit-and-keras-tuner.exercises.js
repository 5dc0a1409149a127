const near = (a, b, by = 0.0006) => Math.abs(a - b) < by;
const isShort = ({ wild }) => wild.batches <= 20;
const isWhole = ({ tame }) => tame.batches === 40;
const ran = (wild, tame, error) => ({
  wild: { batches: wild, ...(error && { error: error }) },
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
    isRight: (found) => isShort(found) && isWhole(found) && !found.wild.error && !found.tame.error,
    praise: 'At rate 10 it stops within 20 batches, before the step. At rate 0.1 it lets all 40 batches pass.',
    mistakes: [
      [
        (found) => found.wild.error || found.tame.error,
        'It ends in an error. An error loses the history: return false.',
      ],
      [
        (found) => !isShort(found) && isWhole(found),
        'It never stops the training at rate 10. Is the norm that of all parameters, and is false returned? After zeroGrad the gradients are 0.',
      ],
      [(found) => isShort(found) && !isWhole(found), 'It also stops a training whose gradients are small.'],
    ],
    otherwise: 'It stops the tame training and not the wild one: false ends it.',
    tried: { right: [ran(4, 40)], wrong: [ran(4, 40, 'too large'), ran(40, 40), ran(1, 1), ran(40, 1)] },
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
