// The page's theme in figures.
import type { Change } from './fit';

/** The theme that the page has. Each figure notes at its node, as data-theme, the one that it was last drawn for. */
export const pageTheme = (): string => document.body.dataset.jpThemeName ?? '';

/** A figure that can be drawn again for another theme. */
interface Follower {
  followTheme(): void;
}

/** All figures that have been drawn. */
const drawn = new Set<Follower>();
let watchingTheme: MutationObserver | undefined;

/** Traces in ink (src/lab/plot/theme.ts), on a map's pale background, have the text's colour in the legend below the map. */
const inkInLegends = `.gradlab-plotly .legendlines path[style*="stroke: rgb(43, 43, 43)"] {
    stroke: var(--jp-content-font-color1) !important;
  }
  .gradlab-plotly .legendpoints path[style*="stroke-width: 0px"][style*="fill: rgb(43, 43, 43)"] {
    fill: var(--jp-content-font-color1) !important;
  }`;

/** Lets a figure follow the theme: JupyterLab writes the theme's name to the page's body when its style sheets are there. */
export function followTheme(figure: Follower): void {
  drawn.add(figure);
  if (watchingTheme) return;
  document.head.append(Object.assign(document.createElement('style'), { textContent: inkInLegends }));
  watchingTheme = new MutationObserver(() => {
    for (const one of drawn) one.followTheme();
  });
  watchingTheme.observe(document.body, { attributeFilter: ['data-jp-theme-name', 'data-jp-theme-light'] });
}

export const leaveTheme = (figure: Follower): void => void drawn.delete(figure);

/** A colour of the page's theme as plotly reads it, or undefined. */
function pageColour(node: Element, variable: string): string | undefined {
  const probe = document.createElement('span');
  probe.style.cssText = `forced-color-adjust: none; color: var(${variable})`;
  node.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return /^rgba?\(/.test(color) ? color : undefined;
}

/** The page's colours at the places of a template that `meta.theme: 'page'` asks to be filled in. */
export function themeOf(node: Element, flat: (object: object) => Change[]): Change[] {
  const axis = (grid: string | undefined, line: string | undefined) => ({ gridcolor: grid, linecolor: line });
  const [text, grid, line] = ['--jp-content-font-color1', '--jp-border-color2', '--jp-border-color1'].map((name) =>
    pageColour(node, name),
  );
  const wall = axis(grid, line);
  const plane = { ...wall, tickcolor: line };
  const layout = {
    font: { color: text },
    xaxis: plane,
    yaxis: plane,
    scene: { xaxis: wall, yaxis: wall, zaxis: wall },
  };
  return flat({ template: { layout } }).filter(([, colour]) => colour !== undefined);
}
