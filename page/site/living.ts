// Figures and the controls that move them, wherever a page has some.
import { Figure, watchFigures } from './figures';
import { Controls } from './sliders';

const figures = [...document.querySelectorAll<HTMLElement>('[data-figure]')].map((place) => new Figure(place));
void watchFigures(figures);

for (const node of document.querySelectorAll<HTMLElement>('[data-controls]')) {
  const figure = figures.find(({ place }) => place.dataset.output === node.dataset.changes);
  if (figure) new Controls(node, figure);
}
