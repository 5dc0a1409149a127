// What of a figure's traces becomes other colours on a dark page.
import { darkColors, oklab } from '../src/lab/plot/colors';
import type { PlotTrace } from './plotly';

/** A change of a trace, by its number: a path in plotly's words, and the value. */
type Change = [trace: number, path: string, value: unknown];

export const isDarkPage = (): boolean => document.body.dataset.jpThemeLight === 'false';

/**
 * The changes of traces for a dark page. Few is near the page's colour and many far from it, on a dark page as on a light one: scales
 * of heatmaps that fall from light to dark are turned. (Maps with a ground of their own, on which ink is drawn, stay.) And what has a
 * look of its own has that for dark pages.
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

/** A colour for a dark page in the place of a look's; a shade keeps its share. */
function darkOf(color: unknown): string | undefined {
  if (typeof color !== 'string') return undefined;
  const [, own, share = ''] = /^(#[\da-f]{6})([\da-f]{2})?$/i.exec(color) ?? [];
  const dark = own && darkColors.get(own.toUpperCase());
  return dark && dark + share;
}

/** Whether a heatmap's colours go from light to dark; letters in a colour of their own want its ground. */
function isSequential({ colorscale, textfont }: PlotTrace): boolean {
  if (!Array.isArray(colorscale) || colorscale.length < 3 || textfont?.color) return false;
  const colors = colorscale.map(([, color]) => String(color));
  if (!colors.every((color) => /^#[\da-f]{6}$/i.test(color))) return false;
  const light = colors.map((color) => oklab(color)[0]);
  return light.every((value, i) => i === 0 || value < light[i - 1]!);
}
