// Renders Plotly figures and SVG as PNG, in a headless Chromium without network access.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import UPNG from 'upng-js';
import { drawFigure as drawInPage, drawSvg as drawSvgInPage, sizeOf, withPalette } from '../../page/figure/picture.mjs';
import { paths } from '../setup/paths.mjs';
import { launchChromium } from './chromium.mjs';
import { colourShare, LEAST_COLOUR } from './colour.mjs';

export const PLOTLY_MIME = 'application/vnd.plotly.v1+json';

/**
 * Opens the page. Figures are drawn one after the other, so that there are always enough WebGL contexts.
 * @returns {Promise<{ draw: (figure: object) => Promise<string>, validate: (figure: object) => Promise<string[]>,
 *   close: () => Promise<void> }>} `draw` returns a base64 PNG with the size in the figure's layout (else 700 x 450),
 *   and throws if plotly fails or the picture is blank. A figure without colour must have
 *   `layout.meta.colourless: true`. Instead of a figure it accepts `{ svg }`, the text of an SVG drawing, which keeps
 *   its size and gets a white background. `validate` returns the messages of `Plotly.validate` about the figure's
 *   attributes.
 */
export async function openFigurePage() {
  const parent = join(paths.state, 'tmp');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'figures-'));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  let context;
  try {
    context = await launchChromium({ folder });
    await context.route('**', (route) => {
      const local = /^(data|blob|about):/.test(route.request().url());
      return local ? route.continue() : route.abort();
    });
    const page = context.pages()[0] ?? (await context.newPage());
    await page.setContent('<!doctype html><body></body>');
    await page.addScriptTag({ path: join(paths.nodeModules, 'plotly.js-dist-min', 'plotly.min.js') });
    let queue = Promise.resolve();
    return {
      draw(figure) {
        const drawn = queue.then(() =>
          figure.svg === undefined ? drawFigure(page, figure) : drawSvg(page, figure.svg),
        );
        queue = drawn.catch(() => {});
        return drawn;
      },
      validate: (figure) => page.evaluate(validateInPage, figure),
      async close() {
        await context.close();
        removeFolder();
      },
    };
  } catch (error) {
    await context?.close();
    removeFolder();
    throw error;
  }
}

async function drawFigure(page, figure) {
  const dataUrl = await page.evaluate(drawInPage, { figure, size: sizeOf(figure) });
  const colour = await page.evaluate(colourShare, dataUrl);
  if (colour < LEAST_COLOUR && figure.layout?.meta?.colourless !== true) {
    throw new Error(
      `the figure is blank: ${(100 * colour).toFixed(3)} % of its middle has colour; check its data and axis ranges ` +
        '(a figure that is meant to be grey says so with layout.meta.colourless: true)',
    );
  }
  return smaller(dataUrl);
}

async function drawSvg(page, svg) {
  return smaller(await page.evaluate(drawSvgInPage, svg));
}

/** The picture with fewer colours, as base64. */
function smaller(dataUrl) {
  const png = Uint8Array.from(Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64'));
  return Buffer.from(withPalette(UPNG, png.buffer)).toString('base64');
}

function validateInPage({ data = [], layout = {} }) {
  const findings = window.Plotly.validate(data, layout) ?? [];
  // Arguments of slider steps and buttons may be any value. Plotly compares them by identity and reports its own copy.
  const isArgument = ({ astr }) => /\.args2?\[\d+\]$/.test(astr);
  // Arrays may be encoded as bytes, which `Plotly.validate` does not know.
  const isBytes = ({ container, trace, path }) => container === 'data' && data[trace]?.[path?.at(-1)]?.bdata;
  return findings.filter((finding) => !isArgument(finding) && !isBytes(finding)).map(({ msg }) => msg);
}
