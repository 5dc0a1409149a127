// The field that finds, on every page: / leads into it, arrow keys choose, Enter opens, Escape closes. Index and ranking are loaded
// at the first key.
import type { Data, Kind, Result } from './ranking';

const form = document.querySelector<HTMLFormElement>('form.find')!;
const field = form.querySelector('input')!;
const list = form.querySelector<HTMLElement>('[role="listbox"]')!;
const status = form.querySelector<HTMLElement>('[role="status"]')!;
const root = new URL(form.dataset.root!, document.baseURI);

const kinds: Record<Kind, string> = {
  chapter: 'Chapter',
  question: 'Question',
  section: 'Section',
  page: 'Page',
  document: 'Docs',
  claim: 'Statement',
  api: 'API',
  operation: 'Operation',
  error: 'Error',
};

let loading: Promise<(query: string) => Result[]> | undefined;
/** The search, loaded once. Where it cannot be loaded, the next key tries again. */
function load(): Promise<(query: string) => Result[]> {
  loading ??= Promise.all([
    import('./ranking'),
    fetch(new URL(form.dataset.index!, document.baseURI), { cache: 'no-cache' }).then((answer): Promise<Data> => {
      if (!answer.ok) throw new Error(`${answer.status}`);
      return answer.json();
    }),
  ])
    .then(([{ prepare, find }, data]) => {
      const index = prepare(data);
      return (query: string) => find(index, query);
    })
    .catch((error) => {
      loading = undefined;
      throw error;
    });
  return loading;
}

const options = () => [...list.children] as HTMLAnchorElement[];
const chosen = () => list.querySelector<HTMLAnchorElement>('[aria-selected="true"]');

function choose(option: Element | undefined): void {
  chosen()?.setAttribute('aria-selected', 'false');
  option?.setAttribute('aria-selected', 'true');
  option?.scrollIntoView({ block: 'nearest' });
  if (option) field.setAttribute('aria-activedescendant', option.id);
  else field.removeAttribute('aria-activedescendant');
}

function open(isOpen: boolean): void {
  list.hidden = !isOpen || list.children.length === 0;
  status.hidden = !isOpen;
  field.setAttribute('aria-expanded', String(!list.hidden));
  if (!isOpen) choose(undefined);
}

/** Returns the line below a result's title. */
const about = ({ kind, title, page, text }: Result) =>
  [kinds[kind], kind === 'section' || kind === 'error' ? page : '', kind === 'api' || kind === 'operation' ? text : '']
    .filter((part) => part && part !== title)
    .join(' · ');

function optionOf(result: Result, i: number): HTMLAnchorElement {
  const link = document.createElement('a');
  link.href = new URL(result.address, root).href;
  Object.assign(link, { id: `found-${i}`, tabIndex: -1 });
  link.setAttribute('role', 'option');
  link.setAttribute('aria-selected', 'false');
  const below = document.createElement('small');
  below.textContent = about(result);
  link.append(result.title, below);
  return link;
}

/** Shows what the field asks for. @returns whether that is still what it asks for */
async function show(): Promise<boolean> {
  const query = field.value.trim();
  if (query === '') {
    list.replaceChildren();
    status.textContent = '';
    open(false);
    return true;
  }
  let results: Result[];
  try {
    results = (await load())(query);
  } catch (error) {
    console.info(String(error));
    status.textContent = 'The index could not be loaded.';
    open(true);
    return false;
  }
  // Keys that came in the meantime have their own answer.
  if (field.value.trim() !== query) return false;
  choose(undefined);
  list.replaceChildren(...results.map(optionOf));
  status.textContent = results.length === 0 ? `Nothing has “${query}”.` : `${results.length} found`;
  status.classList.toggle('heard', results.length > 0);
  open(true);
  return true;
}

/** Opens a result; on the page where the reader is, the list closes. */
function go(option: HTMLAnchorElement): void {
  open(false);
  field.blur();
  location.href = option.href;
}

field.addEventListener('input', () => void show());
field.addEventListener('focus', () => void (field.value.trim() !== '' && show()));
form.addEventListener('focusout', ({ relatedTarget }) => {
  if (!form.contains(relatedTarget as Node | null)) open(false);
});
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const option = chosen();
  if (option) go(option);
  else if ((await show()) && list.firstElementChild) go(list.firstElementChild as HTMLAnchorElement);
});
// The field keeps the keyboard while a finger or the mouse is on the list, so that it stays open until the click.
list.addEventListener(
  'pointerdown',
  (event) => event.button === 0 && event.pointerType === 'mouse' && event.preventDefault(),
);
list.addEventListener('click', () => open(false));

field.addEventListener('keydown', (event) => {
  if (event.isComposing) return;
  if (event.key === 'Escape') {
    event.preventDefault();
    if (list.hidden && status.hidden) {
      field.value = '';
      field.blur();
    } else open(false);
    return;
  }
  const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
  const step = steps[event.key];
  if (step === undefined) return;
  event.preventDefault();
  if (list.hidden) {
    void show();
    return;
  }
  // Before the first and after the last option is the field itself.
  const all = [undefined, ...options()];
  choose(all[(all.indexOf(chosen() ?? undefined) + step + all.length) % all.length]);
});

const isTyping = (node: HTMLElement) => node.isContentEditable || /^(input|textarea|select)$/i.test(node.tagName ?? '');
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
  // A slider takes no letters.
  const target = event.target as HTMLInputElement;
  if (isTyping(target) && !/^(range|checkbox|radio|button)$/.test(target.type)) return;
  event.preventDefault();
  field.focus();
  field.select();
});

// An address without a page: its words may tell what was looked for.
if (form.dataset.asks === 'address') {
  const [last = ''] = location.pathname.split('/').filter(Boolean).slice(-1);
  field.value = decodeURIComponent(last)
    .replace(/\.\w+$/, '')
    .replace(/^(q|\d+)-|[-_]/g, ' ')
    .trim();
}
// What was typed before this script was here.
if (field.value.trim() !== '') void show();
