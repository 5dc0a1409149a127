/** A number that remembers how many additions it has waited for, and which of the eight numbers it holds. */
const numbered = (parts, level) => ({
  parts: parts,
  level: level,
  add: (other) =>
    numbered(
      parts.map((count, i) => count + other.parts[i]),
      Math.max(level, other.level) + 1,
    ),
});
const eight = () =>
  Array.from({ length: 8 }, (_, i) =>
    numbered(
      Array.from({ length: 8 }, (_, j) => +(i === j)),
      0,
    ),
  );

/** What an answer makes of eight numbers, if it only adds. */
const result = (sum) => {
  try {
    const made = sum(eight());
    return Array.isArray(made?.parts) ? made : undefined;
  } catch {
    return undefined;
  }
};
const isSum = (made) => made?.parts.every((count) => count === 1) ?? false;
const levelOf = (sum) => {
  const made = result(sum);
  return isSum(made) ? made.level : 0;
};
const chainOfSeven = (x) => x.reduce((a, b) => a.add(b));
const pairsThenQueue = (x) => x[0].add(x[1]).add(x[2].add(x[3])).add(x[4].add(x[5])).add(x[6].add(x[7]));
const halves = (x) => (x.length === 1 ? x[0] : halves(x.slice(0, x.length / 2)).add(halves(x.slice(x.length / 2))));

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'sum-of-eight': {
    probe: [eight()],
    isRight: (sum) => levelOf(sum) === 3,
    praise: 'Four additions, then two, then one: each round halves what is left, and 8 = 2³.',
    mistakes: [
      [(sum) => result(sum) === undefined, 'Use nothing but a.add(b): here an addition takes two numbers.'],
      [(sum) => !isSum(result(sum)), 'Some number is missing, or is counted twice.'],
      [(sum) => levelOf(sum) === 7, 'Depth 7. A chain waits: each addition needs the one before.'],
    ],
    otherwise: 'It is the right sum, but it is deeper than 3. Do partial sums still queue? Add these in pairs as well.',
    tried: {
      right: [
        halves,
        (x) =>
          x[0]
            .add(x[4])
            .add(x[1].add(x[5]))
            .add(x[2].add(x[6]).add(x[3].add(x[7]))),
      ],
      wrong: [chainOfSeven, pairsThenQueue, (x) => x[0].add(x[1]), (x) => x[0].mul(x[1]), () => 36],
    },
  },
  'there-and-back': {
    isRight: (steps) => steps === 8,
    praise: 'Three layers and the loss on the way out, the loss and three layers on the way back: the ways add.',
    mistakes: [
      [(steps) => steps === 4, 'The way back starts when the way out has ended: they add.'],
      [(steps) => steps === 3, 'That is the way to the output. There is a loss, and a way back.'],
      [(steps) => steps === 6, 'The loss is a step as well, out and back.'],
      [(steps) => steps === 7, 'The loss has a slope: it takes a step on the way back, too.'],
    ],
    otherwise: 'Walk with a finger: input, three layers, loss; and now back to the first weight.',
    tried: { right: [8], wrong: [4, 3, 6, 7, 12] },
  },
};
