// What is kept of a reader's way through the page of a notebook.
import { sayRemarks } from '../../extensions/gradlab-plotly/static/spoken.js';
import { record, watchPlace, watchPredictions } from './progress.mjs';

const { notebook } = document.querySelector('article').dataset;

watchPredictions(document.body, (card) => {
  const id = card.closest('[data-prediction]')?.dataset.prediction;
  return id && { notebook, id };
});
sayRemarks(document.body);
record(notebook, 'opened', '');
watchPlace(notebook, document.documentElement, () =>
  [...document.querySelectorAll('section[id^="cell-"]')].map((node) => ({ id: node.id.slice('cell-'.length), node })),
);
