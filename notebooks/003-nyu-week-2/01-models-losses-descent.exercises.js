const near = (a, b, tolerance = 3e-4) => Math.abs(a - b) < tolerance;
const isList = (list, wanted) => Array.isArray(list) && [...list].sort((a, b) => a - b).join(' ') === wanted.join(' ');
const has = (list, start) => Array.isArray(list) && list.includes(start);

/** A walk with momentum and fading noise, by what is done otherwise. */
const walker =
  ({ fade = (t, all) => 1 - t / all, remember = true, outside = false, sign = 1 }) =>
  (slopeOf, start, rate, beta, size, draws) => {
    let [x, v] = [start, 0];
    draws.forEach((draw, t) => {
      const kick = size * fade(t, draws.length) * draw;
      v = (remember ? beta * v : 0) + sign * slopeOf(x) + (outside ? 0 : kick);
      x -= rate * v + (outside ? kick : 0);
    });
    return x;
  };
const right = walker({});
const constant = walker({ fade: () => 1 });
const growing = walker({ fade: (t, all) => t / all });
const forgetful = walker({ remember: false });
const outside = walker({ outside: true });
const uphill = walker({ sign: -1 });
const draws = Array.from({ length: 12 }, (_, t) => Math.sin(5 * t + 1));
const at = [(x) => 2 * x - 1, 3, 0.1, 0.6, 0.7, draws];
const like = (other) => (mine) => near(mine(...at), other(...at), 1e-9);

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  ridge: {
    isRight: (x) => near(x, 0.08372),
    praise: 'The middle root of 4x³ − 6x + 0.5.',
    mistakes: [
      [(x) => near(x, 0.07543), 'That is the ridge of section 3.'],
      [
        (x) => near(x, -1.2645, 0.01) || near(x, 1.181, 0.01),
        'There the slope is 0 as well, but at the bottom of a valley.',
      ],
      [(x) => near(x, 0.08333, 2e-4), 'Nearly: the cubic term counts, too.'],
      [(x) => x === 0, 'Without 0.5x it would be there. That term tilts the ground.'],
    ],
    otherwise: 'Where is the slope 4x³ − 6x + 0.5 zero, between the valleys?',
    tried: { right: [0.0837, 0.084], wrong: [0.0754, -1.264, 1.181, 0.0833, 0, 0.5] },
  },
  'deep-starts': {
    isRight: (list) => isList(list, [-1, 1.5]),
    praise: 'One of five starts stays where it belongs, one gets there by luck.',
    mistakes: [
      [(list) => isList(list, [-1.7, -1]), 'All starts left of the ridge: so it is with small steps. These are long.'],
      [(list) => has(list, -1.7), 'From −1.7 the first step is 2.5 long.'],
      [(list) => has(list, 1.83), 'From 1.83 the walker leaps into the deep valley, and out again.'],
      [(list) => has(list, 0.5), 'From 0.5 the slope is −1.2: the walker goes to the right, gently.'],
      [(list) => isList(list, [-1]) || isList(list, [1.5]), 'There is one more.'],
    ],
    otherwise: 'A list of some of −1.7, −1, 0.5, 1.5 and 1.83.',
    tried: {
      right: [
        [-1, 1.5],
        [1.5, -1],
      ],
      wrong: [[-1.7, -1], [-1.7], [-1, 1.5, 1.83], [-1, 0.5, 1.5], [-1], 3],
    },
  },
  'write-noisy-walk': {
    probe: [(x) => x, 1, 0.1, 0.5, 1, [0.5, -0.5]],
    isRight: (mine) =>
      like(right)(mine) &&
      near(
        mine((x) => x, 1, 0.1, 0.5, 1, []),
        1,
        1e-12,
      ),
    praise: 'The noise goes where the slope goes, so momentum remembers both.',
    mistakes: [
      [like(constant), 'Your noise does not fade. Multiply it by 1 − t/T.'],
      [like(growing), 'Your noise grows from 0. It should begin at its full size.'],
      [like(forgetful), 'Your velocity forgets: it is beta times the last one, plus the slope.'],
      [like(outside), 'Here the noise moves x itself. Add it to the slope, so that rate and velocity apply to it.'],
      [like(uphill), 'You walk uphill: the step is against the slope.'],
    ],
    otherwise: 'For each draw: v = beta · v + slope + fading noise, then x = x − rate · v.',
    tried: {
      right: [right],
      wrong: [constant, growing, forgetful, outside, uphill, (_, start) => start],
    },
  },
};
