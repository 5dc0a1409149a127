// A question whose answers are buttons, and the figure that answers it: a click plays the figure to the value that decides, uncovers
// what was hidden, turns its title into the finding, and shows the remark on this choice. Question and figure are two outputs of one
// cell; each is drawn at another time, and they find one another here.

import { type FigurePlayer, Player, type Position, stripHeight } from '../figure/player';
import type { PlaneAxis, PlotFigure, PlotFrame, PlotLayout, PlotNode, PlotTrace } from '../figure/plotly';
import { wantsCalm } from '../figure/row';
import { onChange, readOf, record } from '../progress/progress';
import { lettersOf, say, wordsOf } from './spoken';

/** How long a choice plays its figure at most, in milliseconds. */
const playTime = 2600;

/** What `ask` and `predict` put out as a question. */
export interface Lesson {
  readonly id: string;
  readonly question: string;
  readonly answers: readonly Answer[];
  /** The choice with which the notebook was saved. */
  readonly choice?: string;
}

interface Answer {
  readonly text: string;
  /** What is stored for it; default: its text. */
  readonly key?: string;
  readonly verdict: string;
  /** The verdict in words, and the remark. */
  readonly said: string;
  readonly remark: string;
}

/** What a figure says of the question that it answers. */
export interface FigureOfLesson {
  readonly id: string;
  /** The finding, and the values from which and up to which a choice plays. */
  readonly title?: { text?: string };
  readonly from?: Position;
  readonly deciding?: Position;
  /** The traces that are hidden before a choice. */
  readonly hides: readonly number[];
  /** Whether nothing moves before a choice. */
  readonly waits?: boolean;
}

/** A figure on the page that answers a question: see figure/figure.ts. */
export interface Stage {
  readonly node: PlotNode;
  /** As it was given, and as it is shown. */
  readonly given: PlotFigure;
  readonly figure: PlotFigure;
  readonly player?: FigurePlayer | undefined;
  readonly isTold: boolean;
  readonly isDisposed: boolean;
  tell(isTold: boolean, at?: Position): Promise<void>;
}

/** A question and its figure, where they are there. */
interface Pair {
  question?: Question;
  stage?: Stage;
}

/** The cell of both, of a notebook in JupyterLab or on a page. */
const placeOf = (node: Element): Element => node.closest('.jp-Cell, [id^="cell-"]') ?? document.body;

/** Of each place, by the question's id, the question and the figure that are there. */
const meetings = new WeakMap<Element, Map<string, Pair>>();

function meet(node: Element, id: string, part: Pair): Pair {
  const place = placeOf(node);
  const byId = meetings.get(place) ?? new Map<string, Pair>();
  const pair = { ...byId.get(id), ...part };
  meetings.set(place, byId.set(id, pair));
  return pair;
}

/** What a figure says of the question that it answers; undefined if it answers none. */
export const lessonIn = (figure: { layout?: Partial<PlotLayout> }): FigureOfLesson | undefined =>
  figure.layout?.meta?.lesson;

/**
 * Traces without points, one for each panel in which nothing is seen: plotly forgets its axes when a legend moves the margins, and
 * draws their lines nowhere.
 */
export function axisKeepers({
  data,
  layout,
}: {
  data: readonly PlotTrace[];
  layout: Partial<PlotLayout>;
}): PlotTrace[] {
  const panelOf = ({ xaxis = 'x', yaxis = 'y' }: PlotTrace) => `${xaxis} ${yaxis}`;
  const isHidden = ({ visible }: PlotTrace) => visible === false;
  const seen = new Set(data.filter((trace) => !isHidden(trace)).map(panelOf));
  return [...new Set(data.filter(isHidden).map(panelOf))]
    .filter((panel) => !seen.has(panel))
    .map((panel) => panel.split(' '))
    .filter(([xaxis]) => layout[xaxis!.replace('x', 'xaxis')] !== undefined)
    .map(([xaxis, yaxis]) => ({
      type: 'scatter',
      x: [null],
      y: [null],
      xaxis,
      yaxis,
      showlegend: false,
      hoverinfo: 'skip',
    }));
}

/** A figure with its result in sight, at the value shown. */
export function uncovered(figure: PlotFigure, at?: Position): PlotFigure {
  const { hides, title, deciding } = lessonIn(figure)!;
  const value = at ?? deciding;
  const frame = typeof value === 'number' ? figure.frames?.[value] : undefined;
  const shown = frame?.layout?.title ?? title;
  const data = figure.data.map((trace, k) => (hides.includes(k) ? { ...trace, visible: true } : trace));
  // A title of its own: plotly writes what a slider brings into it, and the frame must keep what it says.
  return { ...figure, data, layout: { ...figure.layout, shapes: [], ...(shown && { title: structuredClone(shown) }) } };
}

/** A frame without what would tell the answer: its title is a finding, and it would show what is hidden. */
export function coveredFrame({ layout: { title: _, shapes: __, ...layout } = {}, ...frame }: PlotFrame): PlotFrame {
  const data = frame.data?.map(({ visible: ___, ...trace }) => trace);
  return { ...frame, ...(data && { data }), layout };
}

/**
 * What a figure's slider has beside it: a curve of the result at every value, above the slider, and a point of the plot that can be
 * dragged. Before a choice the curve is covered, titles are held back, and where other values would tell nothing can be moved.
 */
export function furnish(player: FigurePlayer, figure: PlotFigure, isTold: boolean): void {
  const { strip, handle } = figure.layout.meta?.slider ?? {};
  const lesson = lessonIn(figure);
  const isCovered = lesson !== undefined && !isTold;
  look();
  // A player that computes its states covers them itself.
  if (player.cover) return void player.cover(isCovered);
  if (!(player instanceof Player)) return;
  player.strip?.remove();
  player.strip = undefined;
  if (strip) {
    player.strip = make('span', { className: 'gradlab-strip', ariaHidden: 'true' });
    player.track.prepend(player.strip);
    drawStrip(player.strip, strip, isCovered);
  }
  if (lesson) {
    player.tellingFrame ??= player.frameOf;
    const { tellingFrame } = player;
    player.frameOf = isCovered ? (i) => coveredFrame(tellingFrame(i)) : tellingFrame;
    player.setWaiting(lesson.waits === true && isCovered);
  }
  if (player.chips) player.chips.isCovered = isCovered;
  player.chips?.show(player.at);
  player.handle = handle;
  if (handle === undefined || player.node.dataset.draggable) return;
  player.node.dataset.draggable = 'true';
  // Before plotly hears it, which would select a part of the plot.
  const dragIn = (event: PointerEvent) => {
    const { gradlabPlayer: now } = player.node;
    if (now instanceof Player) drag(now, event);
  };
  player.node.addEventListener('pointerdown', dragIn, { capture: true });
}

function drawStrip(strip: HTMLElement, numbers: readonly number[], isCovered: boolean): void {
  strip.dataset.covered = String(isCovered);
  if (isCovered) return void strip.replaceChildren('?');
  const [low, high] = [Math.min(0, ...numbers), Math.max(0, ...numbers)];
  const height = stripHeight - 6;
  const y = (value: number) => ((height * (high - value)) / (high - low || 1)).toFixed(1);
  const line = numbers.map((value, i) => `${(1000 * i) / (numbers.length - 1 || 1)},${y(value)}`).join(' L');
  strip.innerHTML =
    `<svg viewBox="0 0 1000 ${height}" preserveAspectRatio="none">` +
    `<path class="area" d="M0,${y(0)} L${line} L1000,${y(0)}Z"/><path class="edge" d="M${line}"/></svg>`;
}

/** The place of the handle in the window, at a value. */
function placeOfHandle({ node, frames }: Player, handle: number, i: number): [number, number] {
  const { data = [], traces = [] } = frames[i]!;
  const trace: Partial<PlotTrace> = { ...node.data[handle], ...data[traces.indexOf(handle)] };
  const { x, y, xaxis = 'x', yaxis = 'y' } = trace;
  const axisOf = (id: string): PlaneAxis => node._fullLayout![`${id[0]}axis${id.slice(1)}`];
  const [across, up] = [axisOf(xaxis), axisOf(yaxis)];
  const { left, top } = node.getBoundingClientRect();
  return [left + across._offset + across.d2p(x.at(-1)), top + up._offset + up.d2p(y.at(-1))];
}

/** How near to the handle, in pixels, a pointer takes it. */
const reach = 28;

/** The pointer takes the handle to the nearest place that it can have. */
function drag(player: Player, event: PointerEvent): void {
  const { handle } = player;
  if (handle === undefined || event.button !== 0 || player.range.disabled) return;
  const far = (i: number, { clientX, clientY }: PointerEvent) => {
    const [x, y] = placeOfHandle(player, handle, i);
    return Math.hypot(x - clientX, y - clientY);
  };
  if (far(player.at, event) > reach) return;
  event.preventDefault();
  event.stopPropagation();
  player.stop();
  const ending = new AbortController();
  const { signal } = ending;
  const move = (to: PointerEvent) => {
    const ways = player.names.map((_, i) => far(i, to));
    void player.go(ways.indexOf(Math.min(...ways)));
  };
  window.addEventListener('pointermove', move, { signal });
  for (const end of ['pointerup', 'pointercancel']) window.addEventListener(end, () => ending.abort(), { signal });
}

/** The finding at the value that decides, in plain words. */
const findingOf = (figure: PlotFigure): string =>
  (uncovered(figure).layout.title?.text ?? '').replace(/<br>/g, ' ').replace(/<[^>]*>/g, '');

/** Lets a figure that has just been drawn wait for the choice at its question, or show what the choice shows. */
export function waitForChoice(stage: Stage): void {
  const { id } = lessonIn(stage.figure)!;
  const { question } = meet(stage.node, id, { stage });
  if (question && question.isAnswered !== stage.isTold) void stage.tell(question.isAnswered);
}

/**
 * The parts of a text with `code`, *emphasis* and **strong emphasis**, as `[tag, content]`; without a tag plain text, and
 * formulas as they are.
 */
export function marksIn(text: string): [tag: string, content: string][] {
  return text.split(/(\$[^$]*\$|`[^`]*`)/).flatMap((piece): [string, string][] => {
    if (piece.startsWith('$')) return [['', piece]];
    if (piece.startsWith('`')) return [['code', piece.slice(1, -1)]];
    return piece.split(/(\*\*[^*]+\*\*|\*[^*]+\*)/).map((part): [string, string] => {
      const [, stars, inside] = /^(\*\*?)([^*]+)\1$/.exec(part) ?? [];
      return inside === undefined ? ['', part] : [stars === '**' ? 'strong' : 'em', inside];
    });
  });
}

/** Such a text as nodes. */
export function withMarks(text: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  for (const [tag, content] of marksIn(text))
    fragment.append(tag ? make(tag as 'em' | 'strong' | 'code', { textContent: content }) : content);
  return fragment;
}

function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  about: Partial<HTMLElementTagNameMap[Tag]>,
  ...inside: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = Object.assign(document.createElement(tag), about);
  element.append(...inside);
  return element;
}

/** Calls back once an element is in the page: JupyterLab may make it long before. */
function whenShown(node: Element, act: () => void): void {
  if (node.isConnected) return void act();
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    act();
  });
  observer.observe(node);
}

/** A question in an element of its own. */
export class Question {
  isAnswered = false;
  private isAskedAgain = false;
  private answers = new Map<string, Answer & { button: HTMLButtonElement; mark: HTMLElement }>();
  private skip!: HTMLButtonElement;
  private said!: HTMLElement;
  private readonly rich: (text: string) => Node;
  private readonly typeset: (node: HTMLElement) => void;

  /** @param page `rich` makes nodes of a text of the lesson, `typeset` sets the formulas in an element */
  constructor(
    private readonly node: HTMLElement,
    private readonly lesson: Lesson,
    page: { rich(text: string): Node; typeset?(node: HTMLElement): void },
  ) {
    this.rich = page.rich;
    this.typeset = page.typeset ?? (() => {});
    look();
    node.classList.add('gradlab-question');
    node.dataset.question = lesson.id;
    // JupyterLab's shortcuts do not apply here.
    node.dataset.lmSuppressShortcuts = 'true';
    node.onkeydown = (event) => event.stopPropagation();
    this.ask();
    whenShown(node, () => {
      meet(node, lesson.id, { question: this });
      questions.set(node, this);
      const choice = this.storedChoice ?? lesson.choice;
      if (choice !== undefined && this.isKnown(choice)) this.answer(choice, { isQuiet: true });
      else if (this.stage?.isTold) void this.stage.tell(false);
      holdBack(node, lesson.id, !this.isAnswered);
    });
  }

  /** Whether it is an answer, or ''. */
  private isKnown(choice: string): boolean {
    return choice === '' || this.answers.has(choice);
  }

  /** The path of the notebook that asks, where progress is kept. */
  private get notebook(): string | undefined {
    return this.node.closest<HTMLElement>('[data-notebook]')?.dataset.notebook;
  }

  /** What was chosen at this question, in whatever notebook. */
  private get storedChoice(): string | undefined {
    const asked = { predictions: [this.lesson.id], exercises: [] };
    const { notebook } = this;
    return notebook === undefined ? undefined : readOf(notebook, asked)[`prediction:${this.lesson.id}`]?.choice;
  }

  /** Shows a choice that was stored meanwhile: made elsewhere, or read from a file. */
  recall(): void {
    const choice = this.storedChoice;
    if (!this.isAnswered && !this.isAskedAgain && choice !== undefined && this.isKnown(choice))
      this.answer(choice, { isQuiet: true });
  }

  /** The figure, unless it is one that has left the page. */
  private get stage(): Stage | undefined {
    const { stage } = meet(this.node, this.lesson.id, {});
    return stage?.isDisposed ? undefined : stage;
  }

  private ask(): void {
    const { question, answers } = this.lesson;
    this.isAnswered = false;
    const title = make(
      'p',
      { className: 'gradlab-question-title', id: `gradlab-question-${count++}` },
      this.rich(question),
    );
    this.answers = new Map(
      answers.map((answer) => {
        const key = answer.key ?? answer.text;
        const mark = make('span', { className: 'gradlab-mark', ariaHidden: 'true' });
        const text = make('span', {}, this.rich(answer.text));
        const button = make('button', { type: 'button', className: 'gradlab-answer' }, mark, text);
        // Formulas that have been set give the button no name.
        if (/\$|katex/.test(answer.text)) button.ariaLabel = lettersOf(text);
        button.onclick = () => this.answer(key);
        return [key, { ...answer, button, mark }];
      }),
    );
    this.skip = make('button', { type: 'button', className: 'gradlab-quiet', textContent: 'just show me' });
    this.skip.onclick = () => this.answer('');
    const buttons = [...this.answers.values()].map(({ button }) => button);
    const list = make('div', { className: 'gradlab-answers', role: 'group' }, ...buttons, this.skip);
    list.setAttribute('aria-labelledby', title.id);
    this.said = make('p', { className: 'gradlab-remark' });
    this.node.replaceChildren(title, list, this.said);
    this.typeset(this.node);
  }

  private again(): void {
    this.isAskedAgain = true;
    void this.stage?.tell(false);
    this.ask();
    holdBack(this.node, this.lesson.id, true);
    for (const claims of notebookOf(this.node).querySelectorAll(`.gradlab-after-${this.lesson.id}`))
      claims.classList.remove(shown);
    this.node.querySelector<HTMLElement>('.gradlab-answer')?.focus({ preventScroll: true });
  }

  /** @param choice the text of an answer; '' if skipped @param isQuiet whether it is restored, so that nothing plays */
  private answer(choice: string, { isQuiet = false } = {}): void {
    const isFirst = !this.isAnswered;
    const chosen = this.answers.get(choice);
    if (isFirst && !isQuiet && this.notebook)
      record(this.notebook, 'prediction', this.lesson.id, { choice, right: chosen?.verdict === 'right' });
    for (const one of this.answers.values()) {
      const isThis = one === chosen;
      if (isThis && isFirst) one.button.dataset.guess = '';
      one.button.setAttribute('aria-pressed', String(isThis));
      if (!isThis) continue;
      one.button.dataset.verdict = one.verdict;
      one.mark.textContent = one.said[0]!;
    }
    // Its place stays, or the answers would widen under the pointer.
    this.skip.classList.add('gradlab-spent');
    this.show(chosen);
    this.isAnswered = true;
    const { stage } = this;
    if (!isQuiet)
      say(
        [wordsOf(this.said.firstElementChild!), stage && `The figure: ${findingOf(stage.given)}.`]
          .filter(Boolean)
          .join(' '),
      );
    if (!isFirst) return;
    openWhy(this.node);
    holdBack(this.node, this.lesson.id, false);
    if (stage && !isQuiet) void this.play(stage);
    else if (stage?.isTold === false) void stage.tell(true);
  }

  private show(chosen: Answer | undefined): void {
    const again = make('button', { type: 'button', className: 'gradlab-quiet', textContent: 'ask me again' });
    again.onclick = () => this.again();
    const words = make('span', {});
    if (chosen) {
      const verdict = make('b', {}, this.rich(chosen.said));
      verdict.dataset.verdict = chosen.verdict;
      words.append(verdict, ' ', this.rich(chosen.remark));
    } else
      words.append(
        this.stage
          ? 'Watch the figure; the other answers say more.'
          : 'Open the answers to see what each of them is worth.',
      );
    this.said.replaceChildren(words, ' ', again);
    this.typeset(this.said);
  }

  /** Plays the figure to what decides. It must be seen, and is not scrolled where it is on the screen already. */
  private async play(stage: Stage): Promise<void> {
    const { top, bottom } = stage.node.getBoundingClientRect();
    if (top < 0 || bottom > window.innerHeight)
      stage.node.scrollIntoView({ block: 'start', behavior: wantsCalm() ? 'auto' : 'smooth' });
    const { from, deciding } = lessonIn(stage.given)!;
    await stage.tell(true, from);
    // Meanwhile it can have been asked again.
    if (from !== undefined && deciding !== undefined && stage.isTold)
      await stage.player?.play(from, deciding, playTime);
  }
}

let count = 0;

/** The questions of the page, by their elements. */
const questions = new WeakMap<Element, Question>();

onChange(() => {
  for (const node of document.querySelectorAll('.gradlab-question')) questions.get(node)?.recall();
});

/** Opens the reasons below a question, under the heading “Why”, until another question or a section begins. */
function openWhy(node: Element): void {
  const ends = 'h1, h2, h3, .gradlab-question';
  for (let cell = placeOf(node).nextElementSibling; cell; cell = cell.nextElementSibling) {
    const end = cell.querySelector(ends);
    for (const details of cell.querySelectorAll('details')) {
      const isAbove = !end || details.compareDocumentPosition(end) & Node.DOCUMENT_POSITION_FOLLOWING;
      if (isAbove && details.querySelector('summary')?.textContent?.trim() === 'Why') details.open = true;
    }
    if (end) return;
  }
}

/** Claims that wait for an answer, whichever it is, and the class of those that are shown all the same. */
const ofClaims = '[class*="gradlab-after-"]';
const shown = 'gradlab-shown';

/** Shows the claims in a place although they wait for an answer: a reader who follows a link to them wants to see them. */
export function showWaiting(place: Element): void {
  for (const claims of place.querySelectorAll(ofClaims)) claims.classList.add(shown);
}

/** A click on claims that wait is on the line that replaces them. */
const showClicked = ({ target }: Event) =>
  target instanceof Element ? target.closest(ofClaims)?.classList.add(shown) : undefined;

/**
 * Hides the claims that would reveal an answer, or shows them: those of the same notebook that name the question in their class, but
 * not those that a link leads to. A rule for the page, because JupyterLab draws outputs further down at any time.
 */
function holdBack(node: Element, id: string, waits: boolean): void {
  const rule = `gradlab-waiting-${id}`;
  const claims = `[data-${rule}] .gradlab-after-${id}:not(.${shown}, :target *)`;
  if (!document.getElementById(rule))
    document.head.append(
      make('style', {
        id: rule,
        textContent: `@media not print {
          ${claims} > * { display: none; }
          ${claims} { cursor: pointer; }
          ${claims}::before { content: "Measured, and shown after your choice above, or by a click."; font-style: italic; opacity: 0.75; }
        }`,
      }),
    );
  // One listener for the page: added again, it is the same.
  document.addEventListener('click', showClicked);
  notebookOf(node).toggleAttribute(`data-${rule}`, waits);
}

const notebookOf = (node: Element): Element => node.closest('.jp-Notebook, main') ?? document.body;

const light = {
  edge: '#7d868e',
  plate: '#f4f6f7',
  faint: '#5a636b',
  right: '#1a6e4f',
  if: '#855900',
  wrong: '#a63a24',
};
const dark = { edge: '#7f8991', plate: '#1e2329', faint: '#a3adb5', right: '#6fd0a4', if: '#e5b454', wrong: '#ff9d87' };
const system = {
  edge: 'ButtonText',
  plate: 'Canvas',
  faint: 'CanvasText',
  right: 'CanvasText',
  if: 'CanvasText',
  wrong: 'CanvasText',
};

/** How questions and strips look, once for a page: colours with 4.5 : 1 on light and on dark pages, marks and words that carry them alone. */
function look(): void {
  if (document.getElementById('gradlab-question-look')) return;
  const tokens = (colours: Record<string, string>) =>
    Object.entries(colours)
      .map(([name, value]) => `--lesson-${name}: ${value};`)
      .join(' ');
  const textContent = `
    .gradlab-question { ${tokens(light)} border-left: 3px solid currentcolor; padding-left: 0.9rem; margin: 0.5rem 0; color: var(--jp-content-font-color1); font-size: 1rem; line-height: 1.4; max-width: 54rem; white-space: normal; }
    body[data-jp-theme-light="false"] .gradlab-question { ${tokens(dark)} }
    @media (forced-colors: active) { .gradlab-question { ${tokens(system)} } }
    .gradlab-question .gradlab-question-title { font-weight: 650; margin: 0 0 0.45rem; }
    .gradlab-answers { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: stretch; }
    .gradlab-answer { flex: 1 1 0; min-width: 9rem; min-height: 2.6rem; padding: 0.35rem 0.9rem; border: 1.5px solid var(--lesson-edge); border-radius: 0.5rem; background: transparent; color: inherit; font: inherit; line-height: 1.25; text-align: left; display: flex; align-items: center; gap: 0.5em; cursor: pointer; }
    .gradlab-answer:hover { border-color: currentcolor; background: var(--lesson-plate); }
    .gradlab-answer[data-guess] { border-width: 2.5px; font-weight: 600; }
    .gradlab-answer[aria-pressed="true"] { background: var(--lesson-plate); }
    .gradlab-mark:empty { display: none; }
    .gradlab-mark { font-weight: 700; font-size: 1.1em; }
    .gradlab-question [data-verdict="right"] { color: var(--lesson-right); border-color: var(--lesson-right); }
    .gradlab-question [data-verdict="if"] { color: var(--lesson-if); border-color: var(--lesson-if); }
    .gradlab-question [data-verdict="wrong"] { color: var(--lesson-wrong); border-color: var(--lesson-wrong); }
    .gradlab-quiet { border: 0; background: none; color: var(--lesson-faint); font: inherit; font-size: 0.85em; padding: 0.2rem 0.3rem; min-height: 1.5rem; text-decoration: underline; text-underline-offset: 0.15em; cursor: pointer; }
    .gradlab-answers > .gradlab-spent { visibility: hidden; }
    .gradlab-question .gradlab-remark { max-width: 40rem; margin: 0.6rem 0 0; }
    .gradlab-remark:empty { display: none; }
    .gradlab-question :focus-visible { outline: 2px solid var(--accent, var(--jp-brand-color1, #0b5fa5)); outline-offset: 2px; }
    .gradlab-strip { position: absolute; left: 8px; right: 8px; bottom: calc(50% + 9px); height: ${stripHeight - 6}px; box-sizing: border-box; pointer-events: none; }
    .gradlab-player.narrow .gradlab-strip { bottom: calc(50% + 30px); }
    .gradlab-strip[data-covered="true"] { border: 1px dashed #8A8A8A; border-bottom: 0; border-radius: 4px 4px 0 0; text-align: center; line-height: ${stripHeight - 10}px; }
    .gradlab-strip svg { display: block; width: 100%; height: 100%; overflow: visible; }
    .gradlab-strip .area { fill: #D55E00; opacity: 0.25; }
    .gradlab-strip .edge { fill: none; stroke: #D55E00; stroke-width: 1.75; vector-effect: non-scaling-stroke; }
    @media (width < 560px) { .gradlab-answers { flex-direction: column; } .gradlab-answer { flex: none; min-height: 2.75rem; } .gradlab-answers > .gradlab-spent { display: none; } }
    @media print { .gradlab-quiet { display: none; } }`;
  document.head.append(make('style', { id: 'gradlab-question-look', textContent }));
}
