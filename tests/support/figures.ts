/** A small surface as plotly JSON. */
export const smallSurface = {
  data: [
    {
      type: 'surface',
      z: [
        [0, 1, 0],
        [1, 3, 1],
        [0, 1, 0],
      ],
    },
  ],
  layout: {},
};
