import { type Racer, racers } from '../../races';

/** Colours of the chapter: the two axes of the bowl or the two weights, and the ball. */
export const colors = { first: '#0072B2', second: '#009E73', ball: '#B84A00' };

/** A number for a title, with a typographic minus. */
export const inWords = (value: number, digits = 0): string =>
  value
    .toFixed(digits)
    .replace(/^-(?=0(\.0*)?$)/, '')
    .replace('-', '−');

const look = (name: string): Pick<Racer, 'color' | 'dash'> => {
  const { color, dash } = racers().find((racer) => racer.name === name)!;
  return { color, dash };
};

/** The looks of plain descent, momentum and Adam in all notebooks. */
export const rules: Record<'plain' | 'momentum' | 'adam', Pick<Racer, 'color' | 'dash'>> = {
  plain: look('GD'),
  momentum: look('momentum'),
  adam: look('Adam'),
};
