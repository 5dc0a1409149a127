/** @type {Record<string, import('gradlab').Exercise>} */
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
  'nine-steps': {
    isRight: (size) => Number.isInteger(size) && Math.ceil(120 / size) === 3,
    praise: 'Three batches an epoch; the last one may be smaller.',
    mistakes: [
      [(size) => !(Number.isInteger(size) && size > 0), 'A batch has a whole number of rows.'],
      [(size) => size === 32, 'That makes four batches, unless the last is dropped.'],
      [(size) => Math.ceil(120 / size) > 3, 'Too small: more than three batches an epoch.'],
    ],
    otherwise: 'Too large: fewer than three batches an epoch.',
    tried: { right: [40, 50, 59], wrong: [0, 32, 39, 60, 120] },
  },
};
