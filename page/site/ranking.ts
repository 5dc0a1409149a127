// What a search finds, and in which order.
import { stemsOf } from './words.mjs';

export type Kind = 'chapter' | 'question' | 'section' | 'page' | 'document' | 'claim' | 'api' | 'operation' | 'error';

/**
 * The index, from site/pages/search-index.mjs. An entry without a title is its page; those of the API reference are below their page's
 * address by their titles.
 */
export interface Data {
  readonly pages: readonly (readonly [address: string, title?: string, about?: string, words?: readonly string[]])[];
  readonly entries: readonly (readonly [kind: Kind, page: number, anchor: string, title: string, text: string])[];
}

/** What is found. */
export interface Result {
  readonly kind: Kind;
  readonly address: string;
  readonly title: string;
  readonly page: string;
  readonly text: string;
}

/** An entry that can be found: the stems of its title, and phrases that stand for it with their weights. */
interface Entry extends Result {
  readonly start: string;
  readonly phrases: readonly { readonly phrase: string; readonly weight: number }[];
}

/** The index, ready for searching: entries, and for each stem those that have it, with weights. */
export interface Index {
  readonly all: readonly Entry[];
  readonly postings: ReadonlyMap<string, ReadonlyMap<number, number>>;
  readonly names: readonly string[];
}

/** What the place of a word in an entry counts. */
const TITLE = 6;
const WORD = 5;
const ABOUT = 3;
const PAGE = 1.5;
const TEXT = 1.2;

/** The weight of an entry by its kind: a search in words is usually for a lesson. */
const kinds: Record<Kind, number> = {
  chapter: 1.15,
  question: 1.05,
  section: 1,
  page: 0.5,
  document: 0.9,
  claim: 0.55,
  api: 0.5,
  operation: 0.5,
  error: 0.35,
};

/** What readers say for what the lessons say, and words that names of the library shorten. */
const alike = new Map<string, string>();
for (const [meant, said] of [
  ['fall', 'down decrease decreasing drop decline shrink improve'],
  ['still', 'stuck plateau stall stalled freeze frozen hang'],
  ['diverge', 'explode explodes blow'],
  ['memory', 'ram oom'],
  ['number', 'more many much'],
  ['own', 'custom'],
  ['conv', 'convolution'],
  ['op', 'operation'],
  ['grad', 'gradient'],
  ['init', 'initialization'],
  ['state', 'weights'],
] as const)
  for (const stem of stemsOf(said)) alike.set(stem, stemsOf(meant)[0]!);

/** Words that say little, as single signs do: the 1 of 1/(1 − p). */
const vague = new Set(stemsOf('more many much'));

/** Makes the index ready for searching. */
export function prepare({ pages, entries }: Data): Index {
  const postings = new Map<string, Map<number, number>>();
  const put = (stem: string, entry: number, weight: number) => {
    const found = postings.get(stem) ?? new Map<number, number>();
    postings.set(stem, found);
    found.set(entry, Math.max(weight, found.get(entry) ?? 0) + 0.15 * Math.min(weight, found.get(entry) ?? 0));
  };
  const all = entries.map(([kind, page, anchor, title, text], at): Entry => {
    const [address, pageTitle = '', about = '', words = []] = pages[page]!;
    const isPage = title === '';
    const shown = isPage ? pageTitle : title;
    const titleStems = stemsOf(shown);
    // A word of a short title is more significant.
    for (const stem of titleStems) put(stem, at, TITLE * (0.55 + 0.9 / (1 + titleStems.length)));
    const phrases: { phrase: string; weight: number }[] = [];
    if (isPage) {
      for (const stem of stemsOf(about)) put(stem, at, ABOUT);
      for (const [place, word] of words.entries()) {
        const stems = stemsOf(word, { whole: false });
        const weight = 1 - (0.4 * place) / words.length;
        for (const stem of stemsOf(word)) put(stem, at, WORD * weight * (0.4 + 0.6 / stems.length));
        if (stems.length > 1) put(stems.join(''), at, WORD * weight);
        phrases.push({ phrase: stems.join(' '), weight });
      }
      phrases.push({ phrase: titleStems.join(' '), weight: 1 });
    } else if (kind === 'section') for (const stem of stemsOf(pageTitle)) put(stem, at, PAGE);
    const stems = kind === 'section' || isPage ? text.split(' ').filter(Boolean) : stemsOf(text);
    for (const [place, stem] of stems.entries()) put(stem, at, TEXT * (1 - (0.5 * place) / stems.length));
    // In a folder of the API reference, pages are named by what they describe.
    const whole = address.endsWith('/') ? `${address}${title}.html` : address;
    const anchored = anchor === '' ? whole : `${address}#${anchor}`;
    return { kind, address: anchored, title: shown, page: pageTitle, start: titleStems.join(' '), phrases, text };
  });
  return { all, postings, names: [...postings.keys()] };
}

/** How many letters two words differ by, two that are swapped being one; more than `most` is Infinity. */
function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        next[j] = Math.min(next[j]!, before[j - 2]! + 1);
    }
    if (Math.min(...next) > most) return Number.POSITIVE_INFINITY;
    [before, row] = [row, next];
  }
  return row[b.length]!;
}

/** The stems of the index that a stem of the search may mean, each with how sure that is. */
function meant(stem: string, { postings, names }: Index, isLast: boolean): [stem: string, sure: number][] {
  const found: [string, number][] = postings.has(stem) ? [[stem, 1]] : [];
  const other = alike.get(stem);
  if (other !== undefined && postings.has(other)) found.push([other, 0.6]);
  if (stem.length > 2 && (isLast || found.length === 0))
    for (const name of names)
      if (name !== stem && name.startsWith(stem)) found.push([name, 0.75 * (stem.length / name.length)]);
  if (found.length > 0 || stem.length < 4) return found;
  const most = stem.length < 7 ? 1 : 2;
  for (const name of names) {
    if (name[0] !== stem[0] || name.length < 3) continue;
    const far = distance(stem, name, most);
    if (far <= most) found.push([name, 0.8 / (1 + 0.35 * far * far)]);
  }
  const count = ([name]: [string, number]) => postings.get(name)!.size;
  return found.sort((a, b) => b[1] - a[1] || count(b) - count(a));
}

/** The best results first. */
export function find(index: Index, query: string, most = 10): Result[] {
  const { all, postings } = index;
  const plain = stemsOf(query, { whole: false });
  const stems = [...new Set(plain)];
  if (stems.length === 0) return [];
  const rarity = (stem: string) => Math.log(1 + all.length / (postings.get(stem)?.size ?? 1));
  const scores = new Map<number, { value: number; rare: number }>();
  let total = 0;
  /** What each entry has of one stem of the search. */
  const hitsOf = (stem: string, isLast: boolean) => {
    const hits = new Map<number, { value: number; rare: number }>();
    const share = stem.length === 1 || vague.has(stem) ? 0.3 : 1;
    for (const [name, sure] of meant(stem, index, isLast)) {
      const rare = (name === stem ? share : 1) * Math.min(rarity(name), 6);
      for (const [entry, weight] of postings.get(name) ?? []) {
        const value = (sure * weight * rare ** 2) / 4;
        if (value > (hits.get(entry)?.value ?? 0)) hits.set(entry, { value, rare: sure * rare });
      }
    }
    return hits;
  };
  const perStem = stems.map((stem, i) => hitsOf(stem, i === stems.length - 1));
  // Two words that the index has as one: drop out, batch norm.
  for (const [i, stem] of stems.entries()) {
    const joined = stem + (stems[i + 1] ?? '');
    if (i + 1 === stems.length || !postings.has(joined)) continue;
    for (const [entry, weight] of postings.get(joined) ?? [])
      for (const hits of [perStem[i]!, perStem[i + 1]!]) {
        const rare = Math.min(rarity(joined), 6);
        const value = (weight * rare ** 2) / 4;
        if (value > (hits.get(entry)?.value ?? 0)) hits.set(entry, { value, rare });
      }
  }
  for (const hits of perStem) {
    const values = [...hits.values()];
    total += values.length === 0 ? 4 : Math.max(...values.map(({ rare }) => rare));
    for (const [entry, { value, rare }] of hits) {
      const sum = scores.get(entry) ?? { value: 0, rare: 0 };
      scores.set(entry, { value: sum.value + value, rare: sum.rare + rare });
    }
  }
  // The line as it was meant, without mistakes of typing.
  const best = new Map(stems.map((stem, i) => [stem, meant(stem, index, i === stems.length - 1)[0]?.[0] ?? stem]));
  const line = plain.map((stem) => (postings.has(stem) ? stem : best.get(stem))).join(' ');
  const isCode = /[a-z][A-Z]|\w[._(]\w?|\w_/.test(query);
  const name = query.trim().replace(/\(.*$/, '').toLowerCase();
  const ranked = [...scores].map(([at, { value, rare }]) => {
    const entry = all[at]!;
    let score = value * Math.min(1, rare / total) * kinds[entry.kind];
    // As in the index of words: the chapter whose title begins with it, then those that list it, the earlier the better.
    // A title that is the whole line comes before both.
    if (entry.phrases.length > 0 && `${entry.start} `.startsWith(`${line} `)) score *= entry.start === line ? 2 : 1.5;
    const bonuses = entry.phrases
      .filter(({ phrase }) => phrase !== '' && ` ${line} `.includes(` ${phrase} `))
      .map(({ phrase, weight }) => (phrase === line ? 1.2 : 0.5) * weight * (phrase.length / line.length));
    score *= 1 + Math.max(0, ...bonuses);
    if (entry.kind === 'api' || entry.kind === 'operation') {
      const known = entry.title.toLowerCase();
      if (known === name || known.endsWith(`.${name}`)) score *= isCode ? 4 : 1.8;
    }
    return { entry, score };
  });
  ranked.sort((a, b) => b.score - a.score);
  return varied(ranked, most);
}

/** The best, of which no page has more than two. */
function varied(ranked: readonly { readonly entry: Entry }[], most: number): Entry[] {
  const counts = new Map<string | undefined, number>();
  const kept: Entry[] = [];
  for (const { entry } of ranked) {
    const page = ['operation', 'claim', 'api'].includes(entry.kind) ? entry.address : entry.address.split('#')[0];
    const count = counts.get(page) ?? 0;
    if (count === 2) continue;
    counts.set(page, count + 1);
    kept.push(entry);
    if (kept.length === most) break;
  }
  return kept;
}
