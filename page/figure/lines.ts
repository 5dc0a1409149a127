// Parallel coordinates: plotly.js draws no label for the line that is pointed at, but reports which one it is.
import type { PlotNode } from './plotly';

/** plotly's event for a line of parallel coordinates, whose `curveNumber` is the line. */
interface LineHover {
  curveNumber: number;
  clientX: number;
  clientY: number;
}

/** Shows the text of the line that is pointed at; the figure has one for each in `meta.rows`. */
export function tellLines(node: PlotNode): void {
  const trace = node.data?.find(({ type, meta }) => type === 'parcoords' && Array.isArray(meta?.rows));
  if (trace === undefined) return;
  const label = document.createElement('div');
  label.className = 'gradlab-line';
  label.style.cssText =
    'position: absolute; display: none; pointer-events: none; z-index: 10; padding: 4px 8px; border-radius: 3px; white-space: pre; ' +
    'font: 12px Arial, Helvetica, sans-serif; color: #fff; background: #1f3f5f';
  node.style.position = 'relative';
  node.append(label);
  const hide = () => {
    label.style.display = 'none';
  };
  node.on('plotly_hover', ({ curveNumber, clientX, clientY }: LineHover) => {
    const now = node.data?.find(({ type }) => type === 'parcoords');
    const text: string | undefined = now?.meta?.rows?.[curveNumber];
    if (text === undefined) return hide();
    label.textContent = text.replaceAll('<br>', '\n');
    label.style.display = 'block';
    const { left, top, width } = node.getBoundingClientRect();
    const x = clientX - left;
    label.style.left = `${x + 14 + label.offsetWidth > width ? Math.max(0, x - 14 - label.offsetWidth) : x + 14}px`;
    label.style.top = `${clientY - top + 14}px`;
  });
  node.on('plotly_unhover', hide);
  node.addEventListener('mouseleave', hide);
}
