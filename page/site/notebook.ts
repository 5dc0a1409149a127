// What is kept of a reader's way through the page of a notebook.
import { record, watchPlace } from '../progress/progress';

const notebook = document.querySelector('article')!.dataset.notebook!;

record(notebook, 'opened', '');
watchPlace(notebook, document.documentElement, () =>
  [...document.querySelectorAll('section[id^="cell-"]')].map((node) => ({ id: node.id.slice('cell-'.length), node })),
);
