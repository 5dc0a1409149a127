// Search in a long page: as one types, what does not have all the words is hidden; the address keeps what was searched for.
const bar = document.querySelector<HTMLElement>('.filter')!;
const field = bar.querySelector<HTMLInputElement>('[type=search]')!;
const boxes = [...bar.querySelectorAll<HTMLInputElement>('[type=checkbox]')];
const count = bar.querySelector('output')!;
const items = [...document.querySelectorAll<HTMLElement>('[data-kind]')].map((element) => ({
  element,
  text: (element.textContent ?? '').toLowerCase(),
  section: element.closest('section'),
}));

function show(): void {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  const kinds = boxes.filter(({ checked }) => checked).map(({ value }) => value);
  const shown = new Set<Element | null>();
  let fitting = 0;
  for (const { element, text, section } of items) {
    const fits =
      (kinds.length === 0 || kinds.includes(element.dataset.kind!)) && words.every((word) => text.includes(word));
    element.hidden = !fits;
    if (fits) {
      shown.add(section);
      fitting += 1;
    }
  }
  for (const section of new Set(items.map((item) => item.section))) if (section) section.hidden = !shown.has(section);
  const isAll = words.length === 0 && kinds.length === 0;
  count.textContent = isAll ? '' : `${fitting} of ${items.length}`;
  const query = new URLSearchParams(
    [
      ['q', field.value.trim()],
      ['kind', kinds.join()],
    ].filter(([, value]) => value),
  );
  history.replaceState(null, '', `${location.pathname}${query.size > 0 ? `?${query}` : ''}${location.hash}`);
}

/** What the address asks for: ?q=…&kind=…, or #kind; an anchor of one item shows everything. */
function read(): void {
  const query = new URLSearchParams(location.search);
  const anchor = location.hash.slice(1);
  const isKind = boxes.some(({ value }) => value === anchor);
  field.value = query.get('q') ?? '';
  for (const box of boxes)
    box.checked = isKind ? box.value === anchor : (query.get('kind') ?? '').split(',').includes(box.value);
  if (isKind) history.replaceState(null, '', location.pathname);
  show();
}

bar.hidden = false;
bar.addEventListener('input', show);
globalThis.addEventListener('hashchange', read);
read();
