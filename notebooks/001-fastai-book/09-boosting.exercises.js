const isList = (list, wanted) =>
  Array.isArray(list) && list.length === wanted.length && list.every((v, i) => Math.abs(v - wanted[i]) < 0.006);

/** Errors on 2,000 rows that the notebook does not show, after so many stages of depth 3. */
const stages = [1, 2, 5, 10, 20, 50, 100, 200, 400, 600];
const hidden = {
  1: [15, 13.4, 14.8, 15.17, 15.3, 15.81, 15.88, 15.88, 15.88, 15.88],
  0.5: [16.82, 13.41, 9.13, 8.55, 8.56, 8.72, 8.92, 8.94, 8.95, 8.95],
  0.3: [20.08, 16.25, 11.35, 8.23, 7.09, 7.05, 7.18, 7.2, 7.2, 7.2],
  0.1: [24.79, 22.4, 17.79, 13.55, 9.75, 6.87, 6.44, 6.44, 6.55, 6.59],
  0.05: [26.2, 24.84, 21.58, 17.97, 13.74, 8.95, 7.06, 6.54, 6.53, 6.58],
};
/** The error at a choice, on a straight line between the stages that are known; NaN for another rate. */
function errorAt(choice) {
  const [rate, count] = Array.isArray(choice) ? choice : [];
  const row = hidden[rate];
  if (!row || !(count >= 1 && count <= 600)) return Number.NaN;
  const next = Math.max(
    1,
    stages.findIndex((known) => known >= count),
  );
  const share = (count - stages[next - 1]) / (stages[next] - stages[next - 1]);
  return row[next - 1] + share * (row[next] - row[next - 1]);
}

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'stump-by-hand': {
    isRight: (list) => isList(list, [-2.75, -2.75, 0.25, 5.25]),
    praise: 'The first tree cut in the middle, the second before the last point: where the most was left over.',
    mistakes: [
      [(list) => isList(list, [-4.5, -4.5, -1.5, 10.5]), 'That is left over after one stage. One more.'],
      [(list) => isList(list, [2, 2, -4, 0]), 'That is with the full step. Here each tree is added by half.'],
      [
        (list) => isList(list, [-2.25, -2.25, -3.75, 8.25]),
        'The second cut is not the first one again: work out the three gains.',
      ],
      [(list) => isList(list, [2.75, 2.75, 11.75, 18.75]), 'That is the sum so far. Asked is what it leaves over.'],
      [(list) => isList(list, [2.75, 2.75, -0.25, -5.25]), 'The sign: left over is y less the sum.'],
    ],
    otherwise: 'Four numbers. Start: 9 for all, so −9, −9, 3, 15 are left over, and the best cut is in the middle.',
    tried: {
      right: [
        [-2.75, -2.75, 0.25, 5.25],
        [-2.75, -2.75, 0.2500001, 5.25],
      ],
      wrong: [
        [-4.5, -4.5, -1.5, 10.5],
        [2, 2, -4, 0],
        [-2.25, -2.25, -3.75, 8.25],
        [2.75, 2.75, 11.75, 18.75],
        [2.75, 2.75, -0.25, -5.25],
        [0],
      ],
    },
  },
  'rate-and-stages': {
    isRight: (choice) => errorAt(choice) < 6.75,
    praise: 'Within a twentieth of the best, on 2,000 rows that you have not seen.',
    mistakes: [
      [
        (choice) => Number(choice?.[0]) === 1,
        'At full step about 15 on the hidden rows, whatever the number of stages; less than half of that is possible.',
      ],
      [
        (choice) => errorAt(choice) < 9 && choice[0] >= 0.3,
        'Not bad, but steps this long keep learning noise. Shorter ones, more of them.',
      ],
      [(choice) => errorAt(choice) >= 6.75, 'On the hidden rows the sum is still far from done. More stages.'],
      [(choice) => Array.isArray(choice) && choice[1] > 600, 'At most 600 stages.'],
    ],
    otherwise: 'A pair: the learning rate, one of 1, 0.5, 0.3, 0.1, 0.05, and the number of stages.',
    tried: {
      right: [
        [0.1, 120],
        [0.05, 400],
        [0.1, 300],
      ],
      wrong: [[1, 200], [0.3, 50], [0.1, 10], [0.1, 1000], [0.2, 100], [2]],
    },
  },
};
