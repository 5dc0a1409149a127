const near = (a, b) => Math.abs(a - b) < 0.01;
const all = ['weights', 'optimizer', 'schedule', 'order of rows'];
const areParts = (list) => Array.isArray(list) && list.every((name) => all.includes(name));

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'little-to-save': {
    isRight: (list) => areParts(list) && list.length === 1 && list[0] === 'weights',
    praise: 'The step is the rate times the slope, and the slope hangs on weights and rows alone.',
    mistakes: [
      [(list) => !areParts(list), `Names among ${all.map((name) => `"${name}"`).join(', ')}.`],
      [(list) => !list.includes('weights'), 'Without the weights it starts from scratch.'],
      [(list) => list.includes('optimizer'), 'Plain gradient descent remembers nothing: its state is empty.'],
      [(list) => list.includes('schedule'), 'The rate stays as the program says it, before and after.'],
      [(list) => list.includes('order of rows'), 'The order is the same in each epoch: no dice are thrown.'],
    ],
    otherwise: 'What does the next step depend on?',
    tried: {
      right: [['weights']],
      wrong: [['net'], ['optimizer'], ['weights', 'optimizer'], ['weights', 'schedule'], ['weights', 'order of rows']],
    },
  },
  'shorter-memory': {
    isRight: (rates) => near(rates, Math.sqrt(10)),
    praise: 'One over the root of 0.1. A shorter memory has less to miss.',
    mistakes: [
      [(rates) => near(rates, 10), 'That is for 0.99: there a hundredth of g² comes in.'],
      [(rates) => near(rates, 1), 'That is Adam, which divides by 1 − βᵗ and so corrects for the empty beginning.'],
      [(rates) => near(rates, 1 / Math.sqrt(0.9)), 'The average gets the part of g² that is not kept: 1 − 0.9.'],
    ],
    otherwise: 'The average after one slope is 0.1 g²; divide g by its root.',
    tried: { right: [3.162], wrong: [10, 1, 1.054, 2] },
  },
};
