// Colours of a figure's traces on a dark page.
import { darkColors, oklab } from '../../src/lab/plot/colors';
import type { PlotTrace } from './plotly';

/** A change of a trace: its index, plotly's attribute path, and the new value. */
type Change = [trace: number, path: string, value: unknown];

export const isDarkPage = (): boolean => document.body.dataset.jpThemeLight === 'false';

/**
 * The changes of traces for a dark page. Sequential heatmap scales are reversed, so that low values stay near the page's colour. Maps
 * with a background of their own are not changed. Colours of a known look become its dark variant.
 */
export function darkChanges(data: readonly PlotTrace[]): Change[] {
  return data.flatMap((trace, i): Change[] => {
    if (trace.type === 'heatmap') return isSequential(trace) ? [[i, 'reversescale', trace.reversescale !== true]] : [];
    const paths = ['line.color', 'marker.color', 'marker.line.color', 'textfont.color', 'fillcolor'];
    return paths.flatMap((path): Change[] => {
      const found = path.split('.').reduce<PlotTrace | undefined>((part, key) => part?.[key], trace);
      const dark = darkOf(found);
      return dark ? [[i, path, dark]] : [];
    });
  });
}

/** The dark variant of a look's colour, with the same opacity; undefined for other colours. */
function darkOf(color: unknown): string | undefined {
  if (typeof color !== 'string') return undefined;
  const [, own, share = ''] = /^(#[\da-f]{6})([\da-f]{2})?$/i.exec(color) ?? [];
  const dark = own && darkColors.get(own.toUpperCase());
  return dark && dark + share;
}

/** Whether a heatmap's colours go from light to dark. False if its labels have a fixed colour, which needs this background. */
function isSequential({ colorscale, textfont }: PlotTrace): boolean {
  if (!Array.isArray(colorscale) || colorscale.length < 3 || textfont?.color) return false;
  const colors = colorscale.map(([, color]) => String(color));
  if (!colors.every((color) => /^#[\da-f]{6}$/i.test(color))) return false;
  const light = colors.map((color) => oklab(color)[0]);
  return light.every((value, i) => i === 0 || value < light[i - 1]!);
}
