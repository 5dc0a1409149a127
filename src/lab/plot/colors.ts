/** Colours that the library and the page share; this file has no imports. */

/**
 * Okabe and Ito's palette, distinguishable with every common colour blindness, darkest hues first; a violet replaces
 * black, which is invisible on a dark page.
 */
export const palette: readonly string[] = ['#D55E00', '#0072B2', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#9467BD'];

/** A path that ascends instead of descending. */
export const stopped = '#C0001C';

/** The colours of plain gradient descent and of momentum, as in races. */
export const descentColors = { plain: '#6B6B6B', momentum: '#E07B00' } as const;

/** The colour of a descent's path: by its momentum β in a figure that has one. */
export const colorOf = (beta: number | undefined): string =>
  beta === undefined ? palette[0]! : beta === 0 ? descentColors.plain : descentColors.momentum;

/** The look of a function in all figures: colours on light and on dark pages, line and marker. */
export interface Look {
  color: string;
  /** Its colour on a dark page, by which gradlab's renderer replaces `color`. */
  dark: string;
  dash: string;
  width: number;
  symbol: string;
}

/** The looks of activation functions, by name. */
export const activationLooks: Record<'sigmoid' | 'tanh' | 'ReLU' | 'leaky ReLU' | 'PReLU' | 'ELU' | 'GELU', Look> = {
  sigmoid: { color: '#B9161C', dark: '#F0503C', dash: 'solid', width: 2.5, symbol: 'circle' },
  tanh: { color: '#2629DD', dark: '#4F74F5', dash: 'solid', width: 2.5, symbol: 'square' },
  // The widest, below overlapping ones.
  ReLU: { color: '#1D2227', dark: '#F1F4F6', dash: 'solid', width: 5, symbol: 'diamond' },
  'leaky ReLU': { color: '#7C207A', dark: '#C9A2FF', dash: 'dash', width: 2.5, symbol: 'triangle-up' },
  PReLU: { color: '#4E8F00', dark: '#9AD94A', dash: 'longdash', width: 2.5, symbol: 'triangle-left' },
  ELU: { color: '#04939F', dark: '#1FC9A0', dash: 'dot', width: 2.5, symbol: 'triangle-down' },
  GELU: { color: '#B98E15', dark: '#FFB000', dash: 'dashdot', width: 2.5, symbol: 'cross' },
};

/** Colours for dark pages by those for light pages, in capitals. */
export const darkColors: ReadonlyMap<string, string> = new Map(
  Object.values(activationLooks).map(({ color, dark }) => [color, dark]),
);

/** The OKLab coordinates of a colour such as #0072B2: lightness from 0 to 1, and two of hue. */
export function oklab(color: string): [number, number, number] {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const share = Number.parseInt(color.slice(i, i + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}
