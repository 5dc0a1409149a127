const near = (a, b) => Math.abs(a - b) < 0.005;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  waist: {
    isRight: (share) => near(share, 0.198),
    praise: 'The squares are multiplied by 1.98 and by 0.0198: the root of the product is a fifth.',
    mistakes: [
      [(share) => near(share, 0.0392), 'That is the factor of the square. Take the root.'],
      [
        (share) => near(share, 1),
        'That is what 2/in leaves. The mean of 1000 and 10 is far from the root of their product.',
      ],
      [(share) => near(share, 0.099), 'The weights’ 4 and the half that passes the ReLU make 2/(in + out) · in.'],
    ],
    otherwise: 'Each layer multiplies the square by in · 4/(in + out) · ½.',
    tried: { right: [0.198, 0.2], wrong: [0.0392, 1, 0.099, 0.5] },
  },
};
