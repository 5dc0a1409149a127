const near = (a, b, share = 1e-3) => Math.abs(a - b) <= share * Math.abs(b);

const pushes = Array.from({ length: 20 }, (_, t) => Math.sin(3 * t + 1));
/** A weight after some steps of SGD with momentum and decay, by what is done with the decay. */
const walk =
  ({ inside = 0, factor = (rate, d) => 1 - rate * d, after = false, still = false }) =>
  (weight, gradients, rate, momentum, d) => {
    let [w, velocity] = [weight, 0];
    for (const gradient of gradients) {
      velocity = (still ? 0 : momentum * velocity) + gradient + inside * d * w;
      w = after ? (w - rate * velocity) * factor(rate, d) : w * factor(rate, d) - rate * velocity;
    }
    return w;
  };
const right = walk({});
const inVelocity = walk({ inside: 1, factor: () => 1 });
const withoutRate = walk({ factor: (_, d) => 1 - d });
const doubled = walk({ factor: (rate, d) => 1 - 2 * rate * d });
const undecayed = walk({ factor: () => 1 });
const stepped = walk({ after: true });
const plain = walk({ still: true });
const at = [2, pushes, 0.1, 0.9, 0.3];
const like = (other) => (mine) => near(mine(...at), other(...at), 1e-9);

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'option-for-penalty': {
    isRight: (decay) => near(decay, 0.06),
    praise: 'The option adds decay · w to the gradient, and the slope of 0.03 w² is 0.06 w.',
    mistakes: [
      [(decay) => near(decay, 0.03), 'The option adds decay · w to the gradient. What is the slope of 0.03 w²?'],
      [(decay) => near(decay, 0.015), 'The factor 2 goes the other way.'],
    ],
    otherwise: 'One number: what is added to the gradient must be the slope of the penalty.',
    tried: { right: [0.06], wrong: [0.03, 0.015, 0.0009] },
  },
  'write-sgdw': {
    probe: [1, [0.5, 0.5], 0.1, 0.9, 0.3],
    isRight: (mine) => like(right)(mine) && near(mine(1, [], 0.1, 0.9, 0.3), 1),
    praise: 'The velocity knows the gradients alone, and the factor acts on the weight.',
    mistakes: [
      [like(inVelocity), 'Your decay went into the velocity. That is the L2 penalty, and momentum adds it up.'],
      [like(withoutRate), 'You forgot the rate: the factor is 1 − rate · d.'],
      [like(doubled), 'The 2 is in d already: the factor is 1 − rate · d.'],
      [like(undecayed), 'Nothing decays yet. Multiply the weight by 1 − rate · d in each step.'],
      [like(stepped), 'Almost: shrink the weight first, then step. Here the step shrinks as well.'],
      [like(plain), 'Your velocity forgets: it is momentum times the last one, plus the gradient.'],
    ],
    otherwise: 'For each gradient: velocity = momentum · velocity + gradient. Then shrink the weight, and step.',
    tried: {
      right: [right],
      wrong: [inVelocity, withoutRate, doubled, undecayed, stepped, plain, (w) => w],
    },
  },
  'three-factors': {
    isRight: (lambda) => near(lambda, 0.75 * Math.cbrt(0.25), 2e-3),
    praise: 'w(1 − w³) is largest where w³ = ¼. A stronger decay has no place to rest but 0.',
    mistakes: [
      [(lambda) => near(lambda, 1, 1e-2), 'That is for two layers, where λ = 1 − w².'],
      [(lambda) => near(lambda, Math.cbrt(0.25), 1e-2), 'That is the w where it happens. Put it into λ = w(1 − w³).'],
      [(lambda) => near(lambda, 0.25, 1e-2), 'That is w³. What is λ there?'],
    ],
    otherwise: 'With equal weights the slope is 0 where λ = w(1 − w³). How large can that be?',
    tried: { right: [0.4725, 0.47247], wrong: [1, 0.63, 0.25, 0.1] },
  },
};
