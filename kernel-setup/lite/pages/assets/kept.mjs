// What is kept of a reader's way through the notebooks, on pages and in the laboratory, in the browser's storage: one
// entry for each thing, `gradlab:<kind>:<path of the notebook>:<name>`, so that two pages never overwrite each other.
//
// kind `prediction`: the name is the prediction's id, the value the letters of the answers that were opened, in that
// order: the first one is the reader's guess.

const keyOf = (kind, notebook, name) => `gradlab:${kind}:${notebook}:${name}`;

/** A page may be allowed to keep nothing. */
function storage() {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}

/** What was kept, or undefined. */
export const kept = (kind, notebook, name) => storage()?.getItem(keyOf(kind, notebook, name)) ?? undefined;

/** Keeps a text. */
export function keep(kind, notebook, name, value) {
  try {
    storage()?.setItem(keyOf(kind, notebook, name), value);
  } catch {} // it is full
}

/** All that is kept of a kind: `[notebook, name, value]`. */
export function allKept(kind) {
  const before = `gradlab:${kind}:`;
  const keys = Object.keys(storage() ?? {}).filter((key) => key.startsWith(before));
  return keys.map((key) => {
    const [notebook, ...name] = key.slice(before.length).split(':');
    return [notebook, name.join(':'), storage().getItem(key)];
  });
}

/** Forgets all that is kept of a notebook. */
export function forget(notebook) {
  const isOf = (key) => key.startsWith('gradlab:') && key.split(':')[2] === notebook;
  for (const key of Object.keys(storage() ?? {}).filter(isOf)) storage().removeItem(key);
}

/** The id of the prediction that an output shows, by its text; undefined if it shows none. */
export const predictionIn = (text) => /predict\("([^"]+)", "a"\)\s*$/.exec(text)?.[1];

/** What is kept when the answer of a letter is opened, if something was before. */
export const withOpened = (before = '', letter) => (before.includes(letter) ? before : before + letter);
