// Outputs of cells as HTML that works without scripts; with them, figures become interactive.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { PLOTLY_MIME } from '../../kernel-setup/figures/draw.mjs';
import { CLAIM_MIME, LESSON_MIME } from '../../tools/notebooks/claims.mjs';
import { escapeHtml, preformatted, withFormulas } from '../../tools/notebooks/markdown.mjs';

export const WIDGET_MIME = 'application/vnd.jupyter.widget-view+json';

/** The default height of figures, as in the renderer. */
const defaultHeight = 450;

/** Width and height of a PNG. */
const sizeOf = (png) => ({ width: png.readUInt32BE(16), height: png.readUInt32BE(20) });

/** The renderer's changes of a figure: buttons replace a slider, and narrow figures are taller by rows of text. */
let players;
let fit;
let lessons;

/** Loads the functions that measure figures. */
export async function loadRenderer(paths) {
  [players, fit, lessons] = await Promise.all(
    ['player.js', 'fit.js', 'lesson.js'].map((file) => import(path.join(paths.labExtension, 'static', file))),
  );
}

/** The outputs of one page; collects their files and style rules. */
export class Outputs {
  /**
   * @param {object} options
   * @param {string} options.folder the folder of the files, relative to the page
   * @param {(text: string) => string} options.markdown
   * @param {string} options.laboratory the address of the notebook in the laboratory, relative to the page
   * @param {import('./record.mjs').Recorded[]} options.recorded
   * @param {string} [options.prefix] of ids, if a page has outputs of several notebooks
   */
  constructor({ folder, markdown, laboratory, recorded, prefix = '' }) {
    Object.assign(this, { folder, markdown, laboratory, recorded, prefix, files: new Map(), rules: [], count: 0 });
  }

  /** The HTML of the first cell with a figure, which the reader sees first. */
  firstScreen(cells) {
    const first = cells.find(({ outputs = [] }) => outputs.some(({ data = {} }) => PLOTLY_MIME in data));
    return first ? this.ofCell(first) : '';
  }

  /** Returns the picture of the first figure before any click. */
  still(cells) {
    const outputs = cells.flatMap(({ outputs: all = [] }) => all);
    const first = outputs.find(({ data = {} }) => PLOTLY_MIME in data)?.data;
    return first?.['image/png'] ? this.picture(this.name('figure'), first['image/png'], first['text/plain'] ?? '') : '';
  }

  /** The HTML of all outputs of a cell. */
  ofCell({ outputs }) {
    return outputs.map((output, i) => this.html(output, outputs.slice(i + 1))).join('\n');
  }

  html(output, later) {
    if (output.output_type === 'stream') return preformatted(output.text);
    const { data = {} } = output;
    if (PLOTLY_MIME in data) return this.figure(output);
    if (CLAIM_MIME in data) return this.claims(data);
    if (LESSON_MIME in data) return this.question(data);
    if (WIDGET_MIME in data) return this.controls(data, later);
    if ('text/html' in data) return this.fromHtml(data);
    if ('text/markdown' in data) return this.markdown(data['text/markdown']);
    if ('image/png' in data) return this.image(output);
    return preformatted(data['text/plain'] ?? '');
  }

  /** A figure: its picture, and the address of its data. `outputId` is the name by which sliders update it. */
  figure({ data, metadata }) {
    const figure = data[PLOTLY_MIME];
    const place = this.name('figure');
    const id = this.prefix + place;
    const text = data['text/plain'] ?? 'figure';
    const address = this.keep(place, 'json', JSON.stringify(figure));
    this.reserve(id, figure);
    const displayId = metadata?.gradlab?.displayId;
    const name = displayId ? ` data-output="${escapeHtml(displayId)}"` : '';
    const picture = data['image/png'] ? this.picture(place, data['image/png'], text) : preformatted(text);
    return `<div class="figure" id="${id}" data-figure="${address}"${name}>${picture}</div>`;
  }

  /** Space for a figure that is drawn later, also on a narrow page. */
  reserve(id, figure) {
    for (const { below, height } of fit.heights(players.withOwnPlayer(figure), defaultHeight)) {
      const rule = `.js #${id}{--height:${height}px}`;
      this.rules.push(below === undefined ? rule : `@container (width < ${below}px){${rule}}`);
    }
  }

  picture(name, base64, alt) {
    const png = Buffer.from(base64, 'base64');
    const address = this.keep(name, 'png', png);
    const { width, height } = sizeOf(png);
    const about = `alt="${escapeHtml(alt)}" width="${width}" height="${height}" loading="lazy"`;
    return `<img src="${address}" ${about}>`;
  }

  image({ data, metadata }) {
    const alt = metadata?.['image/png']?.alt ?? data['text/plain'] ?? '';
    return `<div class="drawing">${this.picture(this.name('picture'), data['image/png'], alt)}</div>`;
  }

  claims(data) {
    const listed = /<div class="gradlab-statement gradlab-statement-(\w+)"/g;
    // A browser opens the folded list that contains a link's target.
    if (listed.test(data['text/html']))
      return withFormulas(data['text/html'].replace(listed, (entry, id) => entry.replace('<div', `<div id="${id}"`)));
    const anchors = data[CLAIM_MIME].map(({ id }) => `<span id="${id}"></span>`);
    return `<div class="claims">${anchors.join('')}${withFormulas(data['text/html'])}</div>`;
  }

  fromHtml(data) {
    return `<div class="wide">${withFormulas(withNamedSummaries(data['text/html']))}</div>`;
  }

  /**
   * A question: answers that fold open, and the data from which the page's script makes buttons, with rendered
   * formulas.
   */
  question(data) {
    const { answers, question, ...lesson } = data[LESSON_MIME];
    const set = (text) => withFormulas(withMarks(text));
    // A choice is stored by the answer's text in the notebook.
    const shown = answers.map(({ text, said, remark, ...answer }) => {
      return { ...answer, key: text, text: set(text), said: set(said), remark: set(remark) };
    });
    const asked = escapeHtml(JSON.stringify({ ...lesson, question: set(question), answers: shown }));
    const still = withFormulas(withNamedSummaries(data['text/html']));
    return `<div class="prediction" data-prediction="${escapeHtml(lesson.id)}" data-lesson="${asked}">${still}</div>`;
  }

  /** The controls of a call of `interact`, whose output is one of the later ones. */
  controls(data, later) {
    const names = later.map(({ metadata }) => metadata?.gradlab?.displayId);
    const recorded = this.recorded.find(({ output }) => names.includes(output));
    const elsewhere = (what) => `<a href="${this.laboratory}">${what} in the laboratory</a>`;
    // As in the notebook: shown without scripts, and without recorded values.
    const still = withNames(data['text/html'] ?? escapeHtml(data['text/plain'] ?? ''))
      .replace(hint, elsewhere('Move them'))
      .replace('opacity: 0.7', '');
    if (!recorded) return `<div class="wide">${still}</div>`;
    const { controls, isGrid, changes } = recorded;
    const counts = controls.map(({ values, start }) => ({ count: values.length, start }));
    const values = this.keep(this.name('controls'), 'json', JSON.stringify({ isGrid, controls: counts, changes }));
    const moving = movingControls(recorded, elsewhere('Any value'));
    const address = `data-controls="${values}" data-changes="${recorded.output}"`;
    return `<div class="controls" ${address} hidden>${moving}</div><div class="still wide">${still}</div>`;
  }

  /** The address of a picture that a cell of text has attached. @param {string} base64 PNG */
  attached(name, base64) {
    return this.keep(name.replace(/\.png$/, ''), 'png', Buffer.from(base64, 'base64'));
  }

  /** Returns the next name of a kind. */
  name(kind) {
    this.count += 1;
    return `${kind}-${this.count}`;
  }

  /** The address of a file of the page; it depends on the file's content. */
  keep(name, ending, content) {
    const file = `${name}-${createHash('sha256').update(content).digest('hex').slice(0, 8)}.${ending}`;
    this.files.set(file, content);
    return `${this.folder}/${file}`;
  }
}

const hint = 'Run the cell to move them.';

/** The HTML of a text of a question. */
const withMarks = (text) =>
  lessons
    .marksIn(text)
    .map(([tag, content]) => (tag ? `<${tag}>${escapeHtml(content)}</${tag}>` : escapeHtml(content)))
    .join('');

/** Gives summaries that are only a formula their letters as accessible name, without narrow spaces: MathML has none. */
const withNamedSummaries = (html) =>
  html.replace(/<summary([^>]*)>\s*(\$[^$<]+\$)\s*<\/summary>/g, (_, attributes, formula) => {
    const letters = withFormulas(formula)
      .replace(/<span class="katex-html"[\s\S]*$/, '')
      .replace(/<annotation[\s\S]*?<\/annotation>|<[^>]*>|[\u2000-\u200a]/g, '');
    return `<summary${attributes} aria-label="${letters.trim()}">${formula}</summary>`;
  });

/** Returns the HTML of static controls, with the text before each as its label. */
const withNames = (html) =>
  html.replace(/<div>(<span[^>]*>[^<]*<\/span><(?:input|select)[\s\S]*?)<\/div>/g, '<div><label>$1</label></div>');

/** Returns controls that the page moves, with their note. */
function movingControls({ output, controls, still, isGrid }, anyValue) {
  const rows = controls.map(({ name, labels, start }, i) => {
    const id = `${output}-${i}`;
    const label = `<label for="${id}">${escapeHtml(name)}</label>`;
    return `<div class="control">${label}${inputOf(id, labels, start)}</div>`;
  });
  const notes = [
    isGrid
      ? 'These values were computed beforehand.'
      : 'These values were computed beforehand, for one control at a time: the others go back to where they started.',
    still.length > 0 && `${still.join(', ')}: only there.`,
  ];
  return `${rows.join('')}<p class="note">${notes[0]} ${anyValue}${notes[1] ? `; ${escapeHtml(notes[1])}` : '.'}</p>`;
}

/** A control whose value is the index of one of the labels. */
function inputOf(id, labels, start) {
  const about = `id="${id}" autocomplete="off"`;
  if (labels.length === 2 && labels[0] === 'no' && labels[1] === 'yes')
    return `<input type="checkbox" ${about}${start === 1 ? ' checked' : ''}>`;
  if (labels.every((label) => label !== '' && Number.isFinite(Number(label))) && labels.length > 4) {
    const range = `min="0" max="${labels.length - 1}" value="${start}"`;
    const listed = `data-labels="${escapeHtml(JSON.stringify(labels))}"`;
    const text = escapeHtml(labels[start]);
    return `<input type="range" ${range} ${about} ${listed} aria-valuetext="${text}"><output for="${id}">${text}</output>`;
  }
  const options = labels.map(
    (label, i) => `<option value="${i}"${i === start ? ' selected' : ''}>${escapeHtml(label)}</option>`,
  );
  return `<select ${about}>${options.join('')}</select>`;
}
