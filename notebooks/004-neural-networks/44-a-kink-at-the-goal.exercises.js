const near = (a, b, by) => Math.abs(a - b) <= by;

/** How far from 10 the absolute loss on 10, 10, 10, 10, 30 is at most from step 950 to step 1,000. */
const farAtTheEnd = (rate, start) => {
  let answer = start;
  let far = 0;
  for (let step = 0; step <= 1000; step++) {
    if (step >= 950) far = Math.max(far, Math.abs(answer - 10));
    answer += (rate(step) * (4 * Math.sign(10 - answer) + Math.sign(30 - answer))) / 5;
  }
  return far;
};
const ends = (rate) => [0.33, 6.2, 25].map((start) => farAtTheEnd(rate, start));
const total = (rate) => Array.from({ length: 1000 }, (_, step) => rate(step)).reduce((sum, one) => sum + one, 0);

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'first-over': {
    isRight: (step) => step === 303,
    praise: 'At the constant rate 0.3 it would have been step 34, and with 0.3/t a step with fifteen digits.',
    mistakes: [
      [
        (step) => near(step, 278, 1),
        'That takes the sum for 0.6 √t. It is less than that, by about 0.44: go on a little.',
      ],
      [(step) => near(step, 34, 1), 'So it is at the constant rate 0.3.'],
      [(step) => near(step, 302, 0.5), 'There the sum is just below 10. Count the first step as t = 1.'],
      [(step) => near(step, 304, 0.5), 'A step too late: t begins at 1.'],
      [(step) => step > 304, 'It is over the line before that.'],
    ],
    otherwise: 'There the sum of the rates is below 10 still.',
    tried: { right: [303], wrong: [278, 34, 302, 304, 1000, 100] },
  },
  'own-schedule': {
    probe: [0],
    isRight: (rate) => ends(rate).every((far) => far <= 0.001),
    praise: 'Long enough to get there from all three, and calm enough at the end.',
    mistakes: [
      [
        (rate) => !(Number.isFinite(total(rate)) && total(rate) > 0),
        'A rate is a number above 0 at each of the steps.',
      ],
      [(rate) => total(rate) < 25, 'Its rates add up to less than 25: from 25 it cannot get there.'],
      [(rate) => rate(999) > 0.001, 'The last rates are above 0.001, and so are the last leaps.'],
    ],
    otherwise: 'From at least one of the three starts it is not within 0.001 at the end.',
    tried: {
      right: [(step) => 0.98 ** step, (step) => (step < 200 ? 0.5 : 0.5 * 0.97 ** (step - 200))],
      wrong: [
        () => 0.2,
        (step) => 0.2 / Math.sqrt(step + 1),
        (step) => 0.2 / (step + 1),
        (step) => 0.5 * 0.9 ** step,
        () => 0,
        (step) => 10 / (step + 1),
        (step) => (step < 10 ? 3 : 0.0001),
      ],
    },
  },
};
