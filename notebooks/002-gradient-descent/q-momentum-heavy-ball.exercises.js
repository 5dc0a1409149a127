const near = (a, b, tolerance) => Math.abs(a - b) <= tolerance;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'best-pair': {
    isRight: (share) => near(share, 81 / 121, 0.005),
    praise: 'There both directions are at a limit of swinging, and a step leaves 9/11.',
    mistakes: [
      [(share) => near(share, 9 / 11, 0.005), 'That is √γ, what a step leaves of the distance. Square it.'],
      [(share) => near(share, 99 / 101, 0.005), 'That is what plain descent leaves: κ without its root.'],
      [(share) => near(share, (99 / 101) ** 2, 0.005), 'Take the root of κ first.'],
      [(share) => near(share, 0.9, 1e-6), 'That is the usual start. Here more than is needed.'],
    ],
    otherwise: 'κ is 100, so its root is 10. What does a step leave? γ is the square of that.',
    tried: { right: [81 / 121, 0.67], wrong: [9 / 11, 99 / 101, (99 / 101) ** 2, 0.9, 0.5] },
  },
  'best-memory': {
    isRight: (share) => near(share, 0.81, 0.005),
    praise: 'There the flat direction begins to swing: γ = (1 − √(ηλ))².',
    mistakes: [
      [
        (share) => near(share, 0, 1e-9),
        'That is where the steep direction begins to swing. The flat one still creeps.',
      ],
      [(share) => near(share, 0.9, 0.005), 'That is 1 − √(ηλ). Square it.'],
      [(share) => near(share, 0.99, 0.005), 'That is 1 − ηλ, the factor without memory.'],
      [(share) => share > 0.81, 'It swings with that, but fades by √γ: less memory would be faster.'],
    ],
    otherwise: 'The flat direction has ηλ = 0.01. It swings from γ = (1 − √(ηλ))² on.',
    tried: { right: [0.81], wrong: [0, 0.9, 0.99, 0.95, 0.5] },
  },
};
