/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'half-the-way': {
    isRight: (rows) => rows === 160,
    praise: 'Half the arrow, four times the rows.',
    mistakes: [
      [(rows) => rows === 80, 'Twice the rows make the spread smaller by the root of 2 only.'],
      [(rows) => rows === 20 || rows === 10, 'The nearer, the shorter the arrow, and the more rows it takes.'],
      [(rows) => rows === 40, 'V stays, but the arrow is half as long.'],
    ],
    otherwise: 'B = V / |g|²: what becomes of |g|²?',
    tried: { right: [160], wrong: [80, 20, 10, 40, 1600] },
  },
};
