const near = (a, b, share = 1e-3) => Math.abs(a - b) <= share * Math.abs(b);

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'level-rate': {
    isRight: (rate) => near(rate, 0.025),
    praise: 'A quarter of the rows, a quarter of the rate.',
    mistakes: [
      [(rate) => near(rate, 0.4), 'That is the other way round: a smaller batch takes more steps, so each is shorter.'],
      [
        (rate) => near(rate, 0.05),
        'Half is the root of a quarter. The spread of a guess goes with the root, the rate does not.',
      ],
      [(rate) => near(rate, 0.1), 'At one rate four of your steps would go four times as far as one of theirs.'],
    ],
    otherwise: 'Four steps of 8 rows together should go as far as one step of 32.',
    tried: { right: [0.025], wrong: [0.4, 0.05, 0.1, 1] },
  },
  takeover: {
    isRight: (pass) => pass >= 55 && pass <= 95,
    praise: 'Twice doubled is 60. It is a little more each time, and here it was 82.',
    mistakes: [
      [(pass) => near(pass, 30, 0.2), 'That is when 128 take over from 64. One more.'],
      [(pass) => pass > 95, 'From 64 to 256 the batch doubles twice.'],
    ],
    otherwise: '15 passes, and a little more than twice as many for each doubling.',
    tried: { right: [60, 82], wrong: [30, 240, 15] },
  },
};
