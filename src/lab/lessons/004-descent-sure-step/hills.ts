/** A curve of one weight whose curvature never exceeds `bend`. */
export interface Hill {
  name: string;
  loss(w: number): number;
  slope(w: number): number;
  /** The largest magnitude of the second derivative, L. */
  bend: number;
}

/** The curve of the lesson's figures: a parabola with three valleys. */
export const hill: Hill = {
  name: 'sin 3w + w²/2',
  loss: (w) => Math.sin(3 * w) + (w * w) / 2,
  slope: (w) => 3 * Math.cos(3 * w) + w,
  bend: 10,
};

/** Six curves, with and without valleys and ends. */
export const hills: readonly Hill[] = [
  hill,
  { name: 'cos w', loss: Math.cos, slope: (w) => -Math.sin(w), bend: 1 },
  {
    name: 'ln cosh w',
    // In the direct form, cosh would overflow.
    loss: (w) => Math.abs(w) + Math.log1p(Math.exp(-2 * Math.abs(w))) - Math.LN2,
    slope: Math.tanh,
    bend: 1,
  },
  { name: 'w²/2', loss: (w) => (w * w) / 2, slope: (w) => w, bend: 1 },
  { name: '−exp(−w²)', loss: (w) => -Math.exp(-w * w), slope: (w) => 2 * w * Math.exp(-w * w), bend: 2 },
  {
    name: 'sin 5w/5 + w²/4',
    loss: (w) => Math.sin(5 * w) / 5 + (w * w) / 4,
    slope: (w) => Math.cos(5 * w) + w / 2,
    bend: 5.5,
  },
];

/**
 * The result of a step of `share`/L: the minimum of the parabola through w with the curve's slope and the curvature
 * L/`share`.
 */
export const nextFrom = ({ slope, bend }: Hill, w: number, share: number): number => w - (share / bend) * slope(w);
