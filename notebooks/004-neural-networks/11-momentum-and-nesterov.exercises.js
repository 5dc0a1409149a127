const near = (a, b, tolerance) => Math.abs(a - b) <= tolerance;

const valley = (w) => [w[0], 50 * w[1]];
const [rate, beta] = [0.015, 0.9];

/** A step with the gradient `look` leaps ahead, and the velocity and weights that follow. */
const stepLike = (look) => (gradient, w, V, eta, share) => {
  const g = gradient(w.map((one, i) => one - look * share * V[i]));
  const next = V.map((v, i) => share * v + eta * g[i]);
  return [w.map((one, i) => one - next[i]), next];
};
const right = stepLike(1);
const uphill = (gradient, w, V, eta, share) => right((at) => gradient(at).map((g) => -g), w, V, eta, share);
/** Adds the velocity to the weights in place of subtracting it. */
const wrongWay = (gradient, w, V, eta, share) => {
  const [, next] = right(gradient, w, V, eta, share);
  return [w.map((one, i) => one + next[i]), next];
};
const averaged = (gradient, w, V, eta, share) => right(gradient, w, V, eta * (1 - share), share);

/** All numbers of 50 steps; undefined where a step gives no two weights. */
const walk = (step) => {
  let [w, V] = [
    [-9, 1.8],
    [0, 0],
  ];
  const all = [];
  for (let t = 0; t < 50; t++) {
    try {
      [w, V] = step(valley, [...w], [...V], rate, beta);
    } catch {
      return undefined;
    }
    const numbers = [w, V].flat();
    if (numbers.length !== 4 || !numbers.every(Number.isFinite)) return undefined;
    all.push(...numbers);
  }
  return all;
};
const follows = (like) => (step) => {
  const [own, other] = [walk(step), walk(like)];
  return own?.every((value, i) => near(value, other[i], 1e-9 * (1 + Math.abs(other[i]))));
};

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'half-life': {
    isRight: (share) => near(share, 0.5 ** (1 / 20), 0.0006),
    praise: 'β = 0.966: after 20 steps half is left, after 40 a quarter.',
    mistakes: [
      [(share) => near(share, 0.95, 1e-6), 'There the newest value counts a twentieth; half is gone after 13.5 steps.'],
      [(share) => near(share, 0.5, 1e-6), 'There half is gone after a single step.'],
      [
        (share) => near(share, 1 - 0.5 ** (1 / 20), 0.0006),
        'That is the share that is lost in each step; β is what is kept.',
      ],
      [(share) => share >= 1, 'With β = 1 nothing is forgotten.'],
    ],
    otherwise: 'β to the power of 20 is one half.',
    tried: { right: [0.5 ** (1 / 20), 0.966], wrong: [0.95, 0.5, 0.0341, 1, 0.9] },
  },
  'write-nesterov': {
    probe: [valley, [-9, 1.8], [0, 0], rate, beta],
    isRight: follows(right),
    praise: 'That is Nesterov: one gradient a step, taken where the leap ends.',
    mistakes: [
      [follows(stepLike(0)), 'The gradient is taken at w: that is momentum. Take it at w − βV.'],
      [follows(stepLike(-1)), 'You looked back, to w + βV. The weights move by −V, so the leap goes to w − βV.'],
      [follows(stepLike(1 / beta)), 'The leap is βV, what is left of the velocity, not all of V.'],
      [follows(averaged), 'The gradient counts η, not η(1 − β): V is a sum, no average.'],
      [follows(uphill), 'The sign of the gradient: V takes +ηg, and the weights move by −V.'],
      [follows(wrongWay), 'The weights move by −V.'],
    ],
    otherwise: 'ahead = w − βV, then V = βV + η · gradient(ahead), then w − V.',
    tried: {
      right: [right],
      wrong: [
        stepLike(0),
        stepLike(-1),
        stepLike(1 / beta),
        averaged,
        uphill,
        wrongWay,
        (_gradient, w, V) => [w, V],
        () => {
          throw new Error('not yet');
        },
      ],
    },
  },
  'larger-beta': {
    isRight: (eta) => near(eta, 0.002, 1e-6),
    praise: 'A tenth: η/(1 − β) stays 0.2.',
    mistakes: [
      [(eta) => near(eta, 0.02, 1e-9), 'Then steps are ten times as long: 0.02/0.01 = 2.'],
      [(eta) => near(eta, 0.2, 1e-6), 'That is η/(1 − β), the length of a step; asked is η.'],
      [(eta) => near(eta, 0.02 * (0.99 / 0.9), 1e-4), 'Not β counts here, but 1 − β.'],
    ],
    otherwise: 'η/(1 − β) is to stay 0.02/0.1.',
    tried: { right: [0.002], wrong: [0.02, 0.2, 0.022, 1] },
  },
};
