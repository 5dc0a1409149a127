const lists = [
  [4, 5, 6, 4],
  [1, 0, 0, -1, 1],
  [3, 3, 3],
];
const gives = (answer, rule) =>
  lists.every((rewards) => {
    const [got, wanted] = [answer(rewards), rule(rewards)];
    return (
      Array.isArray(got) && got.length === wanted.length && got.every((one, i) => Math.abs(one - wanted[i]) < 1e-9)
    );
  });
const sumOf = (list) => list.reduce((a, b) => a + b, 0);

const right = (rewards) => rewards.map((reward, i) => (i > 0 ? reward - sumOf(rewards.slice(0, i)) / i : 0));
const withItself = (rewards) => rewards.map((reward, i) => reward - sumOf(rewards.slice(0, i + 1)) / (i + 1));
const ofAll = (rewards) => rewards.map((reward) => reward - sumOf(rewards) / rewards.length);
const firstWhole = (rewards) => rewards.map((reward, i) => (i > 0 ? reward - sumOf(rewards.slice(0, i)) / i : reward));
const lastOnly = (rewards) => rewards.map((reward, i) => (i > 0 ? reward - rewards[i - 1] : 0));

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'running-surprise': {
    probe: [[1, 2]],
    isRight: (answer) => gives(answer, right),
    praise: 'Each reward is compared with what was usual before it, so a bonus for all drops out.',
    mistakes: [
      [
        (answer) => gives(answer, firstWhole),
        'The first reward has nothing to be compared with. Let it teach nothing, else the bonus comes in there.',
      ],
      [
        (answer) => gives(answer, withItself),
        'Your mean has the reward itself in it. Compare with the rewards before it.',
      ],
      [(answer) => gives(answer, ofAll), 'That is the mean of all rewards, and later ones are not known yet.'],
      [(answer) => gives(answer, lastOnly), 'You compare with the last reward alone. Take the mean of all before.'],
    ],
    otherwise: 'Keep a sum. Reward number i, counted from 0, is compared with the sum of the earlier ones over i.',
    tried: { right: [right], wrong: [withItself, ofAll, firstWhole, lastOnly, (rewards) => rewards] },
  },
  'fine-for-one': {
    isRight: (answer) => String(answer).trim().toLowerCase() === 'no',
    praise: 'Only what every ending gets cancels. A fine for the pit makes it worse than the others.',
    mistakes: [
      [
        (answer) => String(answer).trim().toLowerCase() === 'yes',
        'The mean moves by less than five, so the pit is still blamed more than before.',
      ],
    ],
    otherwise: '"yes" or "no".',
    tried: { right: ['no', 'No '], wrong: ['yes', 'perhaps'] },
  },
};
