// Figures and the controls that move them, wherever a page has some.
import { Figure, watchFigures } from './figures.mjs';
import { Controls } from './sliders.mjs';

const figures = [...document.querySelectorAll('[data-figure]')].map((place) => new Figure(place));
watchFigures(figures);

for (const node of document.querySelectorAll('[data-controls]')) {
  const figure = figures.find(({ place }) => place.dataset.output === node.dataset.changes);
  new Controls(node, figure);
}
