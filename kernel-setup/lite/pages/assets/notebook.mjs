// What is alive on the page of a notebook.
import { Figure, watchFigures } from './figures.mjs';
import { record, watchPlace, watchPredictions } from './progress.mjs';
import { Controls } from './sliders.mjs';

const { notebook } = document.querySelector('article').dataset;
const figures = [...document.querySelectorAll('[data-figure]')].map((place) => new Figure(place));
watchFigures(figures);

for (const node of document.querySelectorAll('[data-controls]')) {
  const figure = figures.find(({ place }) => place.dataset.output === node.dataset.changes);
  new Controls(node, figure);
}

watchPredictions(document.body, (card) => {
  const id = card.closest('[data-prediction]')?.dataset.prediction;
  return id && { notebook, id };
});
record(notebook, 'opened', '');
watchPlace(notebook, document.documentElement, () =>
  [...document.querySelectorAll('section[id^="cell-"]')].map((node) => ({ id: node.id.slice('cell-'.length), node })),
);
