// The search field of a long page. Without scripts it is absent, and the page shows everything.
import { escapeHtml } from '../../tools/notebooks/markdown.mjs';

/**
 * HTML of the search field for assets/filter.mjs: it hides elements with `data-kind` that lack a word of the search,
 * and empty sections.
 * @param {{ label: string, kinds?: { name: string, label: string, count: number }[] }} parts `kinds`: the options
 */
export const filter = ({ label, kinds = [] }) => `<search class="filter" hidden>
<input type="search" aria-label="${escapeHtml(label)}" placeholder="${escapeHtml(label)}" autocomplete="off" spellcheck="false">
${kinds.map(({ name, label: text, count }) => `<label><input type="checkbox" value="${name}"> ${text} <span>${count}</span></label>`).join('\n')}
<output aria-live="polite"></output></search>`;

export const FILTER_STYLE = `
.filter { position: sticky; top: 3rem; z-index: 1; display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 1rem;
  padding: 0.5rem 0; background: var(--page); border-bottom: 1px solid var(--line); font-size: 0.9375rem; }
.filter[hidden], [data-kind][hidden], .claims tr[hidden], section[hidden] { display: none; }
.filter ~ section { margin-top: 2rem; }
.filter [type="search"] { font: inherit; flex: 1 1 14rem; min-height: 2.25rem; padding: 0.25rem 0.75rem; color: inherit;
  background: var(--plate); border: 1px solid var(--line); border-radius: 8px; }
.filter label { display: flex; align-items: center; gap: 0.3rem; min-height: 2rem; cursor: pointer; }
.filter label span, .filter output { color: var(--faint); }
html { scroll-padding-top: 9rem; }
th { text-align: left; }
.verdict { white-space: nowrap; }
@media (max-width: 40rem) {
  .claims, .claims :is(tbody, tr, td) { display: block; }
  .claims thead { display: none; }
  .claims tr { padding: 0.6rem 0; border-bottom: 1px solid var(--line); }
  .claims td { padding: 0; border: 0; }
  .claims td:first-child, .claims td.verdict { display: inline; padding-right: 0.75rem; color: var(--faint); }
}`;
