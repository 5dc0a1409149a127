// Drives one notebook in a JupyterLab page. Reads the notebook's model instead of the page's elements, if possible.
import { launchChromium } from '../../kernel-setup/figures/chromium.mjs';
import { colourShare, LEAST_COLOUR } from '../../kernel-setup/figures/colour.mjs';
import { PLOTLY_MIME } from '../../kernel-setup/figures/draw.mjs';

const cancelledByRestart = 'Could not restore the debugger state: Canceled future for debug_request';

/**
 * Opens a browser that records forbidden events in its pages: errors, and requests to other machines.
 * @returns `{ context, page, problems, close }`; `problems()` returns and clears what was recorded since the last call
 */
export async function openBrowser({ folder }) {
  const context = await launchChromium({ folder });
  context.setDefaultTimeout(120_000);
  const page = context.pages()[0] ?? (await context.newPage());
  let pageErrors = [];
  let foreignRequests = [];
  context.on('weberror', (error) => pageErrors.push(`uncaught ${error.error().message}`));
  context.on('console', (message) => {
    const { url } = message.location();
    // JupyterLab inserts a picture before it replaces the address of its attachment; see brokenImages. It requests the
    // state of its panel of variables at each restart, and logs an error if a kernel restarts before it has replied.
    const isExpected = url.startsWith('attachment:') || message.text().startsWith(cancelledByRestart);
    if (message.type() === 'error' && !isExpected) pageErrors.push(`console ${message.text()} (${url})`);
  });
  context.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (/^(https?|wss?):$/.test(protocol) && hostname !== '127.0.0.1') foreignRequests.push(request.url());
  });
  const problems = () => {
    const found = { pageErrors, foreignRequests };
    pageErrors = [];
    foreignRequests = [];
    return found;
  };
  return { context, page, problems, close: () => context.close() };
}

/** Waits until a condition holds in the page, or reports the state of the open notebook and its kernel. */
async function until(page, what, isSo, { timeout, polling = 100 }) {
  try {
    await page.waitForFunction(isSo, null, { timeout, polling });
  } catch (error) {
    const state = await page
      .evaluate(() => {
        const { content, context, sessionContext } = window.jupyterapp?.shell.currentWidget ?? {};
        const prompts = content?.widgets?.map(({ node }) => node.querySelector('.jp-InputPrompt')?.textContent ?? '');
        const { connectionStatus, status, name } = sessionContext?.session?.kernel ?? {};
        const dialogs = [...document.querySelectorAll('.jp-Dialog')].map(({ textContent }) => textContent);
        return {
          url: location.href,
          path: context?.path,
          prompts,
          kernel: { name, status, connectionStatus },
          dialogs,
        };
      })
      .catch(String);
    throw new Error(`${what}: not within ${timeout / 1000} s; ${JSON.stringify(state)}`, { cause: error });
  }
}

let workspaces = 0;

/**
 * Opens a notebook and waits until its kernel is ready for a cell.
 * @param notebook path below JupyterLab's root folder
 * @returns name of the kernel that runs it
 */
export async function openNotebook(page, lab, notebook, { timeout = 180_000 } = {}) {
  // In a new, empty workspace. JupyterLab redirects a page whose workspace is open in another one as soon as the other
  // one answers, which can be at any moment of half a second.
  await page.goto(`${lab.url}/doc/workspaces/test-${++workspaces}/tree/${encodeURI(notebook)}`, { timeout });
  await until(page, 'JupyterLab is there', () => window.jupyterapp !== undefined, { timeout });
  await page.evaluate(() => window.jupyterapp.restored);
  const hasCells = () => window.jupyterapp.shell.currentWidget?.content?.widgets?.length > 0;
  await until(page, 'the notebook has its cells', hasCells, { timeout });
  await page.evaluate(async () => {
    const panel = window.jupyterapp.shell.currentWidget;
    await panel.context.ready;
    await panel.sessionContext.ready;
    await panel.revealed;
  });
  await waitForIdleKernel(page, timeout);
  return page.evaluate(() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.name);
}

const FIGURE = '.gradlab-plotly';

/** Changes JupyterLab's theme, such as 'JupyterLab Dark', and waits until every figure has followed. */
export async function useTheme(page, theme) {
  await page.evaluate((name) => window.jupyterapp.commands.execute('apputils:change-theme', { theme: name }), theme);
  await page.waitForFunction(
    ({ selector, name }) =>
      document.body.dataset.jpThemeName === name &&
      [...document.querySelectorAll(selector)].every((f) => f.dataset.theme === name && f.dataset.state !== 'new'),
    { selector: FIGURE, name: theme },
    { polling: 100 },
  );
  await settle(page);
}

/**
 * Waits until the open notebook's kernel is idle and no cell is pending. A kernel that has not received a cell yet is
 * idle too; that cell shows `[*]` from the key press on.
 */
export async function waitForIdleKernel(page, timeout = 120_000) {
  const isIdle = () =>
    window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle' &&
    window.jupyterapp.shell.currentWidget.content.widgets.every(({ node }) =>
      [...node.querySelectorAll('.jp-InputPrompt')].every(({ textContent }) => !textContent.includes('*')),
    );
  await until(page, 'the kernel is idle', isIdle, { timeout, polling: 50 });
}

/**
 * Runs all cells, and returns when every cell has its reply (or the first failure ended the run) and the kernel is
 * idle.
 */
export async function runAllCells(page, { timeout = 180_000 } = {}) {
  await Promise.race([
    page.evaluate(() => window.jupyterapp.commands.execute('notebook:run-all-cells')),
    new Promise((_, reject) => {
      setTimeout(() => reject(new Error(`the cells did not all run within ${timeout / 1000} s`)), timeout).unref();
    }),
  ]);
  await waitForIdleKernel(page);
}

/** The code cells of the notebook's model: `{ index, source, executionCount, outputs }`. */
export function codeCells(page) {
  return page.evaluate(() =>
    window.jupyterapp.shell.currentWidget.content.widgets
      .map((widget, index) => ({ model: widget.model, index }))
      .filter(({ model }) => model.type === 'code')
      .map(({ model, index }) => ({
        index,
        source: model.sharedModel.getSource(),
        executionCount: model.executionCount,
        outputs: model.outputs.toJSON(),
      })),
  );
}

/** The stderr text of outputs. */
const stderrOf = (outputs) =>
  outputs
    .filter((output) => output.name === 'stderr')
    .map((output) => [output.text].flat().join(''))
    .join('');

/**
 * Why a code cell counts as failed, or undefined. Stock tslab reports errors as text on stderr and then leaves later
 * cells unexecuted.
 * @param {object} cell
 * @param {{ outputs: object[] }} [committed] the committed cell, whose warnings it may repeat
 */
export function failure(cell, committed = { outputs: [] }) {
  const error = cell.outputs.find((output) => output.output_type === 'error');
  if (error) return `${error.ename}: ${error.evalue}`;
  const stderr = stderrOf(cell.outputs);
  if (stderr !== '' && stderr !== stderrOf(committed.outputs)) return stderr.trim();
  if (cell.source.trim() !== '' && cell.executionCount === null) return 'was not executed';
  return undefined;
}

/** The number of plotly figures in the outputs of these cells. */
export function countFigures(cells) {
  return cells.flatMap((cell) => cell.outputs).filter((output) => output.data?.[PLOTLY_MIME]).length;
}

/** Waits until every plotly output of the notebook is drawn on the page, live or as a picture. */
export async function waitForFigures(page, count, timeout = 240_000) {
  await page.waitForFunction(
    ({ selector, expected }) => {
      const figures = [...document.querySelectorAll(selector)];
      return figures.length >= expected && figures.every((f) => ['done', 'frozen'].includes(f.dataset.state));
    },
    { selector: FIGURE, expected: count },
    { timeout, polling: 100 },
  );
}

/**
 * Takes a screenshot of each figure on the page, and measures its colour (see `colourShare`). A figure that is grey
 * until the reader answers is measured after an answer.
 * @returns one `{ cell, kind, words, isGrey, colour }` per figure, `cell` being the index of the notebook's cell, and
 * `isGrey` whether it is meant to have no colour
 */
export async function measureFigures(page) {
  const figures = await page.locator(FIGURE).all();
  const measured = [];
  for (const figure of figures) {
    let colour = await colourOf(page, figure);
    const cell = figure.locator('xpath=ancestor::*[contains(concat(" ", @class, " "), " jp-Cell ")][1]');
    const choice = cell.getByRole('button', { name: 'just show me' }).first();
    if (colour < LEAST_COLOUR && (await choice.count()) > 0) {
      await choice.click();
      // It plays to the deciding frame.
      for (let i = 0; i < 30 && colour < LEAST_COLOUR; i++) colour = await colourOf(page, figure);
    }
    const where = await figure.evaluate((node) => ({
      cell: Number(node.closest('.jp-Cell').dataset.windowedListIndex),
      kind: node.querySelector('canvas') ? 'webgl' : 'svg',
      words: node.getAttribute('aria-label'),
      isGrey: node.layout?.meta?.colourless === true,
    }));
    measured.push({ ...where, colour });
  }
  return measured;
}

async function colourOf(page, figure) {
  await figure.scrollIntoViewIfNeeded();
  await settle(page);
  const png = (await figure.screenshot()).toString('base64');
  return page.evaluate(colourShare, `data:image/png;base64,${png}`);
}

/** Chromium draws taller screenshots wrongly: below this height it repeats the top of the page. */
const tallestPicture = 4000;

/**
 * Takes screenshots of the whole open notebook from top to bottom, as PNG files: `page.png` and, for a long notebook,
 * `page-2.png`, `page-3.png` and so on. Returns their names.
 */
export async function photographNotebook(page, file) {
  const before = page.viewportSize();
  const { content, chrome } = await page.evaluate(() => {
    const scroller = document.querySelector('.jp-WindowedPanel-outer') ?? document.querySelector('.jp-Notebook');
    return { content: scroller.scrollHeight, chrome: window.innerHeight - scroller.clientHeight };
  });
  const height = Math.min(tallestPicture, Math.max(before.height, content + chrome + 20));
  await page.setViewportSize({ width: before.width, height });
  const files = [];
  for (let top = 0; top === 0 || top < content; top += height - chrome) {
    await page.evaluate((y) => {
      const scroller = document.querySelector('.jp-WindowedPanel-outer') ?? document.querySelector('.jp-Notebook');
      scroller.scrollTop = y;
    }, top);
    await settle(page);
    const part = files.length === 0 ? file : file.replace(/(\.png)?$/, `-${files.length + 1}.png`);
    await page.locator('.jp-NotebookPanel:visible').screenshot({ path: part });
    files.push(part);
  }
  await page.setViewportSize(before);
  return files;
}

/** The images in the open notebook's text that are not loaded, by their alternative texts. */
export const brokenImages = (page) =>
  page.evaluate(() =>
    window.jupyterapp.shell.currentWidget.content.widgets
      .filter(({ model }) => model.type === 'markdown')
      .flatMap(({ node }) => [...node.querySelectorAll('img')])
      .filter(({ naturalWidth }) => naturalWidth === 0)
      .map(({ alt, src }) => `${alt} (${src.slice(0, 40)})`),
  );

async function settle(page) {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.waitForTimeout(300);
}
