const near = (a, b, share) => Number.isFinite(a) && Math.abs(a - b) < share * Math.abs(b);

/** What a layer with a shortcut gives for a layer that halves, at some inputs; undefined where it gives no numbers. */
const tried = (shortcut, inner, places) => {
  const { tensor } = require('gradlab');
  const out = shortcut(inner)?.(tensor(places));
  return out?.tolist?.();
};
const places = [-2, 0.5, 3];
const halved = (h) => h.mul(0.5);
const isAll = (found, wanted) =>
  Array.isArray(found) && found.length === wanted.length && wanted.every((one, i) => Math.abs(found[i] - one) < 1e-5);
const gives = (wanted) => (shortcut) => isAll(tried(shortcut, halved, places), wanted);

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'vanishing-rungs': {
    isRight: (left) => near(left, 0.25 ** 7, 0.2),
    praise: 'Seven layers are passed on the way from the ninth to the second, and each passes a quarter.',
    mistakes: [
      [(left) => near(left, 0.25 ** 8, 0.2), 'Count the rungs, not the floors: from 9 to 2 there are seven.'],
      [(left) => near(left, 0.125 ** 7, 0.2), 'That is for weights of half this spread.'],
      [(left) => near(left, 1 / 28, 0.2), 'Factors multiply; they do not add up.'],
    ],
    otherwise: 'A quarter for each layer that is passed on the way from layer 9 to layer 2.',
    tried: { right: [0.25 ** 7, 6.1e-5], wrong: [0.25 ** 8, 0.125 ** 7, 1 / 28, 0.5] },
  },
  'vanishing-shortcut': {
    probe: [halved],
    isRight: gives(places.map((h) => 1.5 * h)),
    praise: 'Its derivative is 1 + f′: the gradient has a path without a factor.',
    mistakes: [
      [gives(places.map((h) => 0.5 * h)), 'That is the layer alone: the input is missing.'],
      [gives(places.map((h) => 0.5 * h * h)), 'Times is a gate, not a path: at h = 0 it stops the gradient.'],
      [gives(places), 'That is the input alone: the layer is missing.'],
    ],
    otherwise: 'For a layer that halves, inputs −2, 0.5 and 3 should become −3, 0.75 and 4.5.',
    tried: {
      right: [(inner) => (h) => h.add(inner(h))],
      wrong: [(inner) => (h) => inner(h), (inner) => (h) => h.mul(inner(h)), () => (h) => h, () => (h) => h.mul(3)],
    },
  },
  'vanishing-cause': {
    isRight: (cause) => cause === 'dead',
    praise: 'A dead layer of ReLUs sends nothing back: not little, but 0.',
    mistakes: [
      [(cause) => cause === 'ladder', 'A ladder falls from layer to layer. Here it is exactly 0 at once.'],
      [(cause) => cause === 'zero weights', 'The weights are not 0.'],
      [(cause) => cause === 'rate', 'The rate plays no part in a gradient before the first step.'],
    ],
    otherwise: 'Enter "ladder", "dead", "zero weights" or "rate".',
    tried: { right: ['dead'], wrong: ['ladder', 'zero weights', 'rate', 'vanished'] },
  },
};
