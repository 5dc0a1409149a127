// The start page with what this browser knows of its reader: progress beside each notebook.
import type { Parts } from '../progress/parts.mjs';
import {
  exported,
  type Facts,
  forget,
  imported,
  isKept,
  onChange,
  readAll,
  readOf,
  type Status,
  statusOf,
} from '../progress/progress';

/** A notebook of the start page, with the addresses of its page and of the laboratory. */
interface Entry extends Parts {
  readonly notebook: string;
  readonly title: string;
  readonly read: string;
  readonly open: string;
}

interface Known {
  readonly entry: Entry;
  readonly facts: Partial<Facts>;
  readonly status: Status;
}

const notebooks: Entry[] = JSON.parse(document.getElementById('notebooks')!.textContent!);
const section = document.getElementById('progress')!;
const find = <E extends HTMLElement = HTMLElement>(selector: string): E => section.querySelector<E>(selector)!;
const say = (text: string) => {
  find('.said').textContent = text;
};
const percent = (share: number) => `${Math.round(100 * share)} %`;

/** Which exercises are done: solved, or handed in for a teacher. */
const doneInWords = (solved: number, handedIn: number, all: string, done: string): string =>
  handedIn === 0
    ? `${solved}${all}${done}`
    : solved === 0
      ? `${handedIn}${all} handed in`
      : `${solved}${all}${done}, ${handedIn} handed in`;

/** A notebook's progress in words. */
function inWords(
  { state, predicted, right, solved, handedIn, share }: Status,
  { predictions, exercises }: Parts,
): string {
  if (state === 'not begun') return 'not begun';
  const parts = [
    state === 'finished' ? '✓ finished' : 'begun',
    predictions.length > 0 && `${predicted} of ${predictions.length} guesses${predicted > 0 ? `, ${right} right` : ''}`,
    exercises.length > 0 && doneInWords(solved, handedIn, ` of ${exercises.length} exercises`, ''),
    share > 0 && `seen ${percent(share)}`,
  ];
  return parts.filter(Boolean).join(' · ');
}

const link = (address: string, text: string) =>
  Object.assign(document.createElement('a'), { href: address, textContent: text });

/** Shows the notebook where something was done last, if it is not finished. */
function showOn(known: readonly Known[]): void {
  const last = (facts: Partial<Facts>) => Math.max(...Object.values(facts).map((fact) => fact!.at));
  const begun = known.filter(({ facts, status }) => Object.keys(facts).length > 0 && status.state === 'begun');
  const [latest] = begun.sort((a, b) => last(b.facts) - last(a.facts));
  const on = find('.on');
  const words = document.createElement('span');
  if (latest === undefined) {
    on.replaceChildren();
    return;
  }
  const { title, read, open } = latest.entry;
  const { cell } = latest.status;
  const place = cell === undefined ? read : `${read}#cell-${encodeURIComponent(cell)}`;
  words.append(`Go on with “${title}” `, link(place, 'read'), ' · ', link(open, 'in the laboratory'));
  // If nothing has changed it stays, with the keyboard's focus.
  if (on.innerHTML !== words.outerHTML) on.replaceChildren(words);
}

/** Shows the progress. @returns how many notebooks are begun */
function show(): number {
  const all = readAll();
  const known = notebooks.map((entry): Known => {
    const facts = readOf(entry.notebook, entry, all);
    return { entry, facts, status: statusOf(facts, entry) };
  });
  for (const { entry, status } of known) {
    const card = document.querySelector(`.notebooks [data-notebook="${CSS.escape(entry.notebook)}"]`)!;
    const line = card.querySelector<HTMLElement>('.progress')!;
    line.hidden = status.state === 'not begun';
    line.textContent = inWords(status, entry);
    card.classList.toggle('begun', status.state === 'begun');
    card.classList.toggle('finished', status.state === 'finished');
  }
  const sum = (of: (one: Known) => number) => known.reduce((total, one) => total + of(one), 0);
  const begun = sum(({ status }) => Number(status.state !== 'not begun'));
  const finished = sum(({ status }) => Number(status.state === 'finished'));
  find('.summary').textContent =
    begun === 0
      ? 'Nothing begun yet. Guesses, solved exercises and the place where you stopped will be kept in this browser, and shown here.'
      : `${begun} of ${notebooks.length} notebooks begun, ${finished} finished · ` +
        `${sum(({ status }) => status.predicted)} guesses, ${sum(({ status }) => status.right)} right · ` +
        `${doneInWords(
          sum(({ status }) => status.solved),
          sum(({ status }) => status.handedIn),
          ' exercises',
          ' solved',
        )}.`;
  for (const name of ['.save', '.forget']) find(name).hidden = begun === 0;
  showOn(known);
  if (!isKept())
    say(
      'This browser stores nothing for this page, or its storage is full. Your progress is lost when you close the page.',
    );
  return begun;
}

find('.save').addEventListener('click', () => {
  // Part of its address: one of a blob would have to be revoked some time, and a busy browser may not have begun by then.
  const anchor = link(`data:application/json;charset=utf-8,${encodeURIComponent(exported())}`, '');
  anchor.download = 'gradlab-progress.json';
  anchor.click();
  say('Saved as gradlab-progress.json. If you hand it in, rename it to your name.');
});

const chooser = find<HTMLInputElement>('input');
find('.load').addEventListener('click', () => chooser.click());
chooser.addEventListener('change', async () => {
  try {
    const added = imported(await chooser.files![0]!.text());
    say(added === 0 ? 'Nothing in it was new.' : `Added what was new: ${added} ${added === 1 ? 'entry' : 'entries'}.`);
  } catch (error) {
    say((error as Error).message);
  }
  chooser.value = '';
});

const dialog = find<HTMLDialogElement>('dialog');
find('.forget').addEventListener('click', () => dialog.showModal());
dialog.addEventListener('close', () => {
  if (dialog.returnValue !== 'forget') return;
  forget();
  say('Forgotten.');
});

onChange(show);
// A returning reader finds the progress first. It moves only now: a first guess must not push the figure down.
if (show() > 0) document.getElementById('play')!.parentElement!.before(section);
section.hidden = false;

// A phone begins with the lists closed: open, they are seventeen screens.
if (matchMedia('(width < 40rem)').matches)
  for (const list of document.querySelectorAll<HTMLDetailsElement>('details.long')) list.open = false;
