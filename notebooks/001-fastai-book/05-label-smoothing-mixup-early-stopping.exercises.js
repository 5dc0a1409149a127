const near = (a, b, by) => Math.abs(a - b) < by;

const smooth = (classes, right, epsilon) =>
  Array.from({ length: classes }, (_, k) => (k === right ? 1 - epsilon : 0) + epsilon / classes);
const othersOnly = (classes, right, epsilon) =>
  Array.from({ length: classes }, (_, k) => (k === right ? 1 - epsilon : epsilon / (classes - 1)));
const rightSpared = (classes, right, epsilon) =>
  Array.from({ length: classes }, (_, k) => (k === right ? 1 - epsilon : epsilon / classes));
const onTop = (classes, right, epsilon) =>
  Array.from({ length: classes }, (_, k) => (k === right ? 1 : 0) + epsilon / classes);
const hard = (classes, right) => Array.from({ length: classes }, (_, k) => (k === right ? 1 : 0));
const firstOnly = (classes, _, epsilon) => smooth(classes, 0, epsilon);
const cases = [
  [4, 1, 0.2],
  [10, 7, 0.1],
  [2, 0, 0.3],
];
const like = (other) => (mine) =>
  cases.every((one) => {
    const [a, b] = [mine(...one), other(...one)];
    return Array.isArray(a) && a.length === b.length && b.every((value, k) => near(a[k], value, 1e-9));
  });

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'gap-of-three': {
    isRight: (epsilon) => near(epsilon, 10 / (9 + Math.exp(3)), 0.002),
    praise: 'And the right class still has a share of 0.69.',
    mistakes: [
      [
        (epsilon) => near(epsilon, 1 / (1 + Math.exp(3)), 0.002),
        'That is 1 − σ(3), for two classes; here are nine wrong ones.',
      ],
      [(epsilon) => near(epsilon, 2 / (1 + Math.exp(3)), 0.002), 'That is ε for two classes. Here are ten.'],
      [
        (epsilon) => near(epsilon, 9 / (9 + Math.exp(3)), 0.002),
        'That is how much the right share is below 1. But of ε a tenth comes back to the right class.',
      ],
      [
        (epsilon) => near(epsilon, 10 / (10 + Math.exp(3)), 0.002),
        'Almost: e³ is 1 + K(1 − ε)/ε, and the 1 is missing.',
      ],
    ],
    otherwise: 'Set ln(1 + 10(1 − ε)/ε) equal to 3 and solve for ε.',
    tried: { right: [0.3438, 0.344], wrong: [0.0474, 0.0949, 0.3094, 0.3324, 0.1, 3] },
  },
  million: {
    isRight: (gap) => near(gap, Math.log(1e7), 0.03),
    praise: 'Two tenfolds more than 10,000 steps, 2.3 each.',
    mistakes: [
      [
        (gap) => near(gap, Math.log(1e6), 0.03),
        'That is ln of the steps alone, or one tenfold more than 10,000. Ten classes, two tenfolds.',
      ],
      [(gap) => near(gap, 7, 0.05), 'That is the logarithm to base ten.'],
      [
        (gap) => near(gap, 1151, 20),
        'A hundred times the steps are not a hundred times the gap: look at the straight line.',
      ],
    ],
    otherwise: 'Each tenfold number of steps adds ln 10.',
    tried: { right: [16.118, 16.11], wrong: [13.8, 7, 1151, 12] },
  },
  'write-smoothing': {
    probe: [3, 0, 0.1],
    isRight: like(smooth),
    praise: 'They add up to 1, and the gap at rest is the one of section 3.',
    mistakes: [
      [
        like(othersOnly),
        'You spread ε over the K − 1 others. Some papers do; PyTorch and section 3 spread it over all K, the right class included.',
      ],
      [like(rightSpared), 'Your targets do not add up to 1: the right class gets its ε/K as well.'],
      [like(onTop), 'Your targets add up to 1 + ε: take ε from the right class first.'],
      [like(hard), 'These are hard targets: nothing is spread yet.'],
      [like(firstOnly), 'Your right class is always the first. Use `right`.'],
    ],
    otherwise: 'Each class gets ε/K, and the right one 1 − ε on top. Give them back as a list of numbers.',
    tried: { right: [smooth], wrong: [othersOnly, rightSpared, onTop, hard, firstOnly, () => [1]] },
  },
};
