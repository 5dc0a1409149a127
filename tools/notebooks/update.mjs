// Builds the notebook that `--update` writes: fresh outputs if they changed, committed ones otherwise.
import { isDeepStrictEqual } from 'node:util';
import { PLOTLY_MIME } from '../../kernel-setup/figures/draw.mjs';
import { comparableOutputs } from './compare-outputs.mjs';

/**
 * Keeps committed outputs that a new execution did not change, so that diffs show only changes: the outputs of cells
 * with equal results (pictures included), and the picture of any unchanged figure. Volatile outputs are kept if the
 * rest of the notebook is equal, and they differ only in numbers.
 * @param options.redraw drop all pictures, to redraw them
 */
export function mergeCommitted(fresh, committed, { redraw = false } = {}) {
  const pictures = new Map();
  for (const { output, drawing } of drawingsIn(committed)) {
    if (output.data['image/png'] && !redraw) pictures.set(JSON.stringify(drawing), output.data['image/png']);
  }
  const isSame = fresh.cells.map((cell, index) => {
    const before = committed.cells[index];
    if (cell.cell_type !== 'code') return true;
    return before.execution_count !== null && isDeepStrictEqual(comparableOutputs(before), comparableOutputs(cell));
  });
  const allSame = isSame.every(Boolean);
  const cells = fresh.cells.map((cell, index) => {
    if (cell.cell_type !== 'code') return cell;
    const before = committed.cells[index];
    const same = isSame[index] && (!isVolatile(cell) || (allSame && isDeepStrictEqual(form(before), form(cell))));
    return { ...cell, outputs: (same ? before : cell).outputs.map((output) => ({ ...output })) };
  });
  const merged = { ...fresh, cells };
  for (const { output, drawing } of drawingsIn(merged)) {
    const { 'image/png': own, ...data } = output.data;
    const picture = (redraw ? undefined : own) ?? pictures.get(JSON.stringify(drawing));
    output.data = picture ? { ...data, 'image/png': picture } : data;
  }
  return merged;
}

const isVolatile = (cell) =>
  cell.metadata.tags?.includes('volatile') ||
  cell.outputs.some((output) => output.metadata?.gradlab?.volatile === true);

/** A cell's outputs without their numbers and pixels. */
function form(cell) {
  const without = (value) => {
    if (typeof value === 'number') return 0;
    if (typeof value === 'string') return value.replace(/\d+(\.\d+)?/g, '0');
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value))
      return value.every((one) => typeof one === 'number') ? [] : value.map((one) => without(one));
    // Pictures are drawn later: a fresh output has none.
    const entries = Object.entries(value).filter(([key]) => key !== 'image/png');
    return Object.fromEntries(entries.map(([key, one]) => [key, without(one)]));
  };
  return cell.outputs.map(({ metadata, ...output }) => without(output));
}

/**
 * Draws the figures and SVG drawings that have no picture yet, and puts it beside them.
 * @param openPage opens the page that draws; called only if there is something to draw
 * @returns {Promise<{ drawn: number, problems: { index: number, message: string }[] }>}
 */
export async function drawMissingPictures(notebook, openPage) {
  const problems = [];
  let drawn = 0;
  for (const { index, output, drawing } of drawingsIn(notebook)) {
    if (output.data['image/png']) continue;
    const page = await openPage();
    try {
      output.data = { ...output.data, 'image/png': await page.draw(drawing) };
      drawn++;
    } catch (error) {
      problems.push({ index, message: error.message.replace(/^page\.evaluate: /, '').split('\n')[0] });
    }
  }
  return { drawn, problems };
}

/** Adds the output's text to pictures as their description, for readers who cannot see them. */
export function describePictures(notebook) {
  for (const { output } of drawingsIn(notebook)) {
    const { 'image/png': picture, 'text/plain': alt } = output.data;
    if (picture && alt) output.metadata = { ...output.metadata, 'image/png': { alt } };
  }
}

/**
 * Everything with a picture: plotly figures, and SVG as `{ svg }`, which JupyterLab shows only in trusted notebooks, so
 * not in a fresh clone.
 */
export function drawingsIn(notebook) {
  const figures = figuresIn(notebook).map(({ index, output, figure }) => ({ index, output, drawing: figure }));
  const svgs = notebook.cells.flatMap((cell, index) =>
    (cell.outputs ?? [])
      .filter((output) => output.data?.['image/svg+xml'] !== undefined)
      .map((output) => ({ index, output, drawing: { svg: output.data['image/svg+xml'] } })),
  );
  return [...figures, ...svgs];
}

/** Every plotly figure among the outputs: `{ index, output, figure }`, `index` counting all cells. */
export function figuresIn(notebook) {
  return notebook.cells.flatMap((cell, index) =>
    (cell.outputs ?? [])
      .filter((output) => output.data?.[PLOTLY_MIME] !== undefined)
      .map((output) => {
        const content = output.data[PLOTLY_MIME];
        return { index, output, figure: typeof content === 'string' ? JSON.parse(content) : content };
      }),
  );
}
