// Accessibility checks of a page: axe-core's findings, and colours of letters in figures, which axe-core does not
// check.
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { paths } from '../../kernel-setup/setup/paths.mjs';

/** The rules of WCAG 2.2 A and AA, and axe-core's best practices. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** The rules about colours. */
const rulesOfColours = ['color-contrast', 'link-in-text-block'];

interface Axe {
  run(
    context: object,
    options: object,
  ): Promise<{ violations: { id: string; nodes: { target: unknown[]; html: string }[] }[] }>;
}

let source: string | undefined;

/**
 * Returns axe-core's findings, one per line.
 * @param options.within elements to check, and `without` elements to skip, as selectors
 * @param options.onlyColours if all else was checked in another theme
 */
export async function findings(
  page: Page,
  {
    within = 'html',
    without = [],
    onlyColours = false,
  }: { within?: string; without?: string[]; onlyColours?: boolean } = {},
): Promise<string[]> {
  source ??= fs.readFileSync(path.join(paths.nodeModules, 'axe-core', 'axe.min.js'), 'utf8');
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(source);
  const runOnly = onlyColours ? { type: 'rule', values: rulesOfColours } : { type: 'tag', values: tags };
  return page.evaluate(
    async ([include, exclude, only]) => {
      const { axe } = window as unknown as { axe: Axe };
      const { violations } = await axe.run({ include, exclude }, { resultTypes: ['violations'], runOnly: only });
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, html }) => `${id}: ${target.join(' ')}: ${html.replace(/\s+/g, ' ').slice(0, 160)}`),
      );
    },
    [[within], without, runOnly] as const,
  );
}

/** Everything below an element that a mouse could use, and that the keyboard must reach. */
const controls = [
  'a[href]',
  'button',
  'input',
  'select',
  'textarea',
  'summary',
  '[tabindex]',
  '[role="slider"]',
  '[role="button"]',
  // plotly.js's elements: sliders, buttons, legends that switch traces, scenes that turn.
  '.slider-group',
  '.updatemenu-button',
  '.traces:has(> .legendtoggle)',
  '.gl-container > div',
].join(',');

/**
 * Presses Tab from the beginning of a page to its end.
 * @param others how many other stops may be between two controls
 * @returns controls that were `missed`, those without a visible focus (`unseen`), and whether the end was left
 */
export async function walk(
  page: Page,
  within = 'body',
  others = 3,
): Promise<{ reached: number; missed: string[]; unseen: string[]; ended: boolean }> {
  const mark = ([root, all]: readonly [string, string]) => {
    let count = 0;
    for (const node of Array.from(document.querySelectorAll<HTMLElement>(`:is(${root}) :is(${all})`))) {
      const isShown = node.checkVisibility({ visibilityProperty: true }) && node.getClientRects().length > 0;
      // In a group that is used with arrow keys, one element is a stop.
      const isOther =
        node.tabIndex < 0 &&
        node.parentElement?.parentElement?.querySelector('[tabindex="0"]') &&
        node.matches('.traces');
      const isFocusedByScript = node.getAttribute('tabindex') === '-1' && !node.matches('.traces, .gl-container > div');
      if (
        isShown &&
        !(node as HTMLButtonElement).disabled &&
        !isOther &&
        !isFocusedByScript &&
        node.dataset.stop === undefined
      )
        node.dataset.stop = String(count++);
    }
  };
  const now = () =>
    page.evaluate(() => {
      const node = document.activeElement as HTMLElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(node);
      const text = node.outerHTML.slice(0, 150);
      return {
        stop: node.dataset.stop,
        text,
        isSeen: outlineStyle !== 'none' && outlineWidth !== '0px',
        isOut: node === document.body,
      };
    });
  await page.evaluate(mark, [within, controls] as const);
  const reached = new Set<string>();
  const unseen: string[] = [];
  let ended = false;
  for (let stuck = 0; stuck < others && !ended; ) {
    await page.keyboard.press('Tab');
    const at = await now();
    if (at.stop !== undefined && !reached.has(at.stop)) {
      reached.add(at.stop);
      if (!at.isSeen) unseen.push(at.text);
      stuck = 0;
    } else if (at.isOut || (reached.size > 1 && at.stop === '0')) ended = true;
    else stuck++;
  }
  const missed = await page.evaluate(
    (stops) =>
      Array.from(document.querySelectorAll<HTMLElement>('[data-stop]'))
        .filter((node) => !stops.includes(node.dataset.stop!))
        .map((node) => node.outerHTML.slice(0, 150)),
    [...reached],
  );
  return { reached: reached.size, missed, unseen, ended };
}

/** Elements with drawn letters: figures, and drawings of the page itself. */
const drawings = '.gradlab-plotly:has(text), svg:has(text):not(.gradlab-plotly svg)';

/** Styles that hide letters, and fixed parts of the page, for a picture of the background. */
const bare = 'svg text { visibility: hidden !important } header, .filter { position: static !important }';

/**
 * Letters in drawings with too little contrast to their background: below 4.5, or 3 for large ones (WCAG 1.4.3). The
 * background comes from a picture without letters. Each text box is checked separately.
 */
export async function faintLetters(page: Page, within = 'body'): Promise<string[]> {
  const found = new Set<string>();
  for (const drawing of await page.locator(within).locator(drawings).all()) {
    if (!(await drawing.isVisible())) continue;
    const style = await page.addStyleTag({ content: bare });
    const picture = await drawing.screenshot({ animations: 'disabled' });
    await style.evaluate((element) => element.parentNode!.removeChild(element));
    const source = `data:image/png;base64,${picture.toString('base64')}`;
    for (const line of await drawing.evaluate(lookAtLetters, source)) found.add(line);
  }
  return [...found];
}

/** Runs in the page. */
async function lookAtLetters(drawing: Element, source: string): Promise<string[]> {
  type Colour = [number, number, number, number];
  const image = new Image();
  image.src = source;
  await image.decode();
  const penFor = (width: number, height: number) =>
    new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  const ground = penFor(image.width, image.height);
  ground.drawImage(image, 0, 0);
  const one = penFor(1, 1);
  const read = (text: string): Colour => {
    one.clearRect(0, 0, 1, 1);
    one.fillStyle = text;
    one.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = one.getImageData(0, 0, 1, 1).data;
    return [r!, g!, b!, a! / 255];
  };
  const brightness = (colour: Colour) => {
    const [r, g, b] = colour.slice(0, 3).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const outside = drawing.getBoundingClientRect();
  const scale = image.width / outside.width;
  /** The most frequent colour of a region. */
  const groundAt = (place: DOMRect): Colour | undefined => {
    const left = Math.max(0, Math.round((place.left - outside.left) * scale));
    const top = Math.max(0, Math.round((place.top - outside.top) * scale));
    const width = Math.min(image.width - left, Math.round(place.width * scale));
    const height = Math.min(image.height - top, Math.round(place.height * scale));
    if (width < 1 || height < 1) return undefined;
    const { data } = ground.getImageData(left, top, width, height);
    const counts = new Map<string, number>();
    for (let i = 0; i < data.length; i += 4) {
      const colour = `${data[i]} ${data[i + 1]} ${data[i + 2]}`;
      counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
    const [[most]] = [...counts].sort(([, a], [, b]) => b - a) as [[string, number]];
    return [...most.split(' ').map(Number), 1] as unknown as Colour;
  };
  const found: string[] = [];
  for (const text of Array.from(drawing.querySelectorAll('text'))) {
    const parts = Array.from(text.querySelectorAll('tspan')).filter((part) => part.querySelector('tspan') === null);
    for (const leaf of parts.length > 0 ? parts : [text]) {
      const words = leaf.textContent?.trim() ?? '';
      const style = getComputedStyle(leaf);
      const place = leaf.getBoundingClientRect();
      if (words === '' || style.visibility === 'hidden' || place.width === 0) continue;
      let opacity = Number(style.fillOpacity);
      for (let at: Element | null = leaf; at; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
      const behind = groundAt(place);
      const [r, g, b, a] = read(style.fill);
      const share = a * opacity;
      if (share === 0 || behind === undefined) continue;
      const mix = (top: number, below: number) => share * top + (1 - share) * below;
      const letters: Colour = [mix(r, behind[0]), mix(g, behind[1]), mix(b, behind[2]), 1];
      const [darker, lighter] = [brightness(letters), brightness(behind)].sort((p, q) => p - q) as [number, number];
      const contrast = (lighter + 0.05) / (darker + 0.05);
      const size = Number.parseFloat(style.fontSize);
      const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      if (contrast >= (isLarge ? 3 : 4.5)) continue;
      const where = drawing.closest('[id^="cell-"], [id]')?.id ?? '';
      const colour = (value: Colour) => `rgb(${value.slice(0, 3).map(Math.round).join(' ')})`;
      found.push(`${where} “${words.slice(0, 40)}”: ${colour(letters)} on ${colour(behind)} is ${contrast.toFixed(2)}`);
    }
  }
  return found;
}

/**
 * Lines and dots of figures that do not contrast with the page, except on a map or a bar: each of their colours has a
 * contrast below 1.5.
 */
export const lostLines = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const share = (value: number) => (value <= 10 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    const brightness = (colour: string) => {
      const [r, g, b] = (colour.match(/[\d.]+/g) ?? []).map(Number).map(share) as [number, number, number];
      return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
    };
    const ground = brightness(getComputedStyle(document.body).backgroundColor);
    const least = (colour: string) => {
      const [r, g, b] = (colour.match(/[\d.]+/g) ?? []).map(Number) as [number, number, number];
      return Math.max(r, g, b) - Math.min(r, g, b) < 24 ? 3 : 1.5;
    };
    const isSeen = (colour: string) =>
      Math.max(brightness(colour) / ground, ground / brightness(colour)) >= least(colour);
    const painted = ':is(.contourlayer, .heatmaplayer, .imagelayer, .barlayer) :is(path, image)';
    const plots = [...document.querySelectorAll('.cartesianlayer .subplot')].filter(
      (plot) => !plot.querySelector(painted),
    );
    return plots
      .flatMap((plot) => [...plot.querySelectorAll<SVGElement>('.scatterlayer :is(.js-line, .point)')])
      .map(({ style }) => [style.strokeWidth === '0px' ? '' : style.stroke, style.fill].filter((c) => /^rgb\(/.test(c)))
      .filter((colours) => colours.length > 0 && !colours.some(isSeen))
      .map((colours) => colours.join(' and '));
  });
