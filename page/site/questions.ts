// Questions of a page, whose answers become buttons.
import { Question } from '../questions/lesson';

/** Nodes of what the site was built with, formulas included. */
const rich = (html: string) => document.createRange().createContextualFragment(html);
for (const place of document.querySelectorAll<HTMLElement>('[data-lesson]'))
  new Question(place, JSON.parse(place.dataset.lesson!), { rich });
