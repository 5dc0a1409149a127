// Questions of a page, whose answers become buttons.
import { Question } from '../../extensions/gradlab-plotly/static/lesson.js';

/** Nodes of what the site was built with, formulas included. */
const rich = (html) => document.createRange().createContextualFragment(html);
for (const place of document.querySelectorAll('[data-lesson]'))
  new Question(place, JSON.parse(place.dataset.lesson), { rich });
