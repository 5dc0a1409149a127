// nbconvert's output for notebooks: live figures in HTML, pictures elsewhere, controls in their saved state.
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jupyterEnv, paths, setUp } from '../../kernel-setup/setup/index.mjs';
import { run } from '../../kernel-setup/setup/run.mjs';
import { describeInChromium } from '../support/browsers';
import { openBrowser } from '../support/lab-page.mjs';
import { makeFolder, makeNotebook } from '../support/notebooks';

const cells = [
  `import { interact, plot, show } from 'gradlab/lab';
show(plot.curves([{ name: 'a', y: [1, 3, 2] }], { title: 'Two & "lines" </script>' }));`,
  'interact(({ k }) => plot.curves([{ name: "a", y: [0, k, 2 * k] }], { title: "k = " + k }), { k: [1, 9] });',
];

test('a script has the code, and the Markdown as comments', async () => {
  await setUp({ log: () => {} });
  const notebook = makeNotebook(['const a: number = 1;\n', 'a + 1'], { language_info: { name: 'typescript' } });
  const markdown = { cell_type: 'markdown', id: 'm', metadata: {}, source: '# Title\n\nTwo *words*.' };
  const raw = { cell_type: 'raw', id: 'r', metadata: {}, source: 'left out' };
  const folder = makeFolder({ 'a.ipynb': { ...notebook, cells: [markdown, ...notebook.cells, raw, markdown] } });
  try {
    const { ok, output } = await run(paths.venvPython, ['-m', 'nbconvert', '--to', 'script', 'a.ipynb'], {
      cwd: folder.root,
      env: jupyterEnv({ paths, env: process.env }),
    });
    expect(ok, output).toBe(true);
    const words = '// # Title\n//\n// Two *words*.';
    expect(folder.text('a.ts')).toBe(`${words}\n\nconst a: number = 1;\n\na + 1\n\n${words}\n`);
  } finally {
    folder.remove();
  }
});

const playwright = `import sys
print("Chromium (playwright chromium v1)\\n  Install location:    /nowhere/chromium-1\\n  Download url: x", file=sys.stdout)`;

test.each([
  [
    'pdf',
    {},
    /^A PDF cannot be made: xelatex and pandoc cannot be found\.\n {2}Try: install TeX and pandoc .*`--to html`/m,
  ],
  [
    'webpdf',
    { 'playwright/__init__.py': '', 'playwright/__main__.py': playwright },
    /^A PDF cannot be made: playwright's Chromium cannot be found\.\n {2}Try: `playwright install chromium`/m,
  ],
  [
    'webpdf',
    {},
    /^A PDF cannot be made: the Python package playwright cannot be found\.\n {2}Try: `pip install playwright`/m,
  ],
])('a %s shows what is missing before a cell runs (%#)', async (to, modules, words) => {
  await setUp({ log: () => {} });
  const folder = makeFolder({ 'a.ipynb': makeNotebook(['require("fs").writeFileSync("ran", "")']) });
  for (const [name, text] of Object.entries(modules)) {
    fs.mkdirSync(path.dirname(folder.file(name)), { recursive: true });
    fs.writeFileSync(folder.file(name), text);
  }
  try {
    const { ok, output } = await run(paths.venvPython, ['-m', 'nbconvert', '--execute', '--to', to, 'a.ipynb'], {
      cwd: folder.root,
      // Independent of this machine's TeX.
      env: {
        ...jupyterEnv({ paths, env: process.env }),
        PATH: path.dirname(process.execPath),
        PYTHONPATH: folder.root,
      },
    });
    expect(ok).toBe(false);
    expect(output).toMatch(words);
    expect(output).not.toContain('Traceback');
    expect(fs.existsSync(folder.file('ran'))).toBe(false);
  } finally {
    folder.remove();
  }
});

describeInChromium('nbconvert', () => {
  let folder: ReturnType<typeof makeFolder>;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  const convert = async (to: string, name: string, ...options: string[]) => {
    const args = ['-m', 'nbconvert', '--to', to, ...options, name];
    const { ok, output } = await run(paths.venvPython, args, {
      cwd: folder.root,
      env: jupyterEnv({ paths, env: process.env }),
    });
    expect(ok, output).toBe(true);
    return output;
  };
  const titles = () =>
    browser.page
      .locator('.gradlab-figure')
      .evaluateAll((nodes) =>
        nodes.map((node) => (node as unknown as { layout?: { title?: { text: string } } }).layout?.title?.text),
      );
  const open = (file: string) => browser.page.goto(`file://${folder.file(file)}`);

  beforeAll(async () => {
    await setUp({ log: () => {} });
    folder = makeFolder({ 'new.ipynb': makeNotebook(cells) });
    browser = await openBrowser({ folder: folder.root });
    // Its pages load MathJax, an AMD loader and plotly from servers: only plotly is served, if a test says so.
    await browser.page.route(/^https?:/, (route) => route.abort());
    await convert('notebook', 'new.ipynb', '--execute', '--output', 'run.ipynb');
  });
  afterAll(async () => {
    await browser?.close();
    folder?.remove();
  });

  test('HTML without scripts, as JupyterLab’s menu makes it, has pictures, and headings and tables as such', async () => {
    const run = folder.json('run.ipynb');
    const markdown = {
      cell_type: 'markdown',
      id: 'm',
      metadata: {},
      source: '# A title\n\n| a |\n|--|\n| *b* |\n\n<script>x</script>',
    };
    fs.writeFileSync(folder.file('clean.ipynb'), JSON.stringify({ ...run, cells: [markdown, ...run.cells] }));
    await convert('html', 'clean.ipynb', '--HTMLExporter.sanitize_html=True');
    const html = folder.text('clean.html');
    expect(html.match(/<img[^>]*src="data:image\/png;base64,/g)).toHaveLength(2);
    expect(html).not.toMatch(/gradlabFigure|<script>x|&lt;(h1|p|th|td|img)\b/);
    expect(html).toContain('&lt;script&gt;x');
    await open('clean.html');
    const text = async (selector: string) => browser.page.locator(selector).first().innerText();
    expect([await text('h1'), await text('th'), await text('td em')]).toEqual(['A title', 'a', 'b']);
  });

  test('HTML has live figures, text until they are drawn, and controls in their saved state', async () => {
    await convert('html', 'run.ipynb');
    const html = folder.text('run.html');
    expect(html).toContain('application/vnd.jupyter.widget-state+json');
    const { version } = JSON.parse(
      fs.readFileSync(path.join(paths.nodeModules, 'plotly.js-dist-min', 'package.json'), 'utf8'),
    );
    expect(html).toContain(`plotly.js-dist-min@${version}/`);
    await open('run.html');
    expect(await browser.page.locator('.gradlab-figure').first().innerText()).toMatch(/Two & "lines"/);
    const plotly = path.join(paths.nodeModules, 'plotly.js-dist-min', 'plotly.min.js');
    await browser.page.route(/plotly\.js-dist-min@/, (route) => route.fulfill({ path: plotly }));
    await browser.page.reload();
    await expect.poll(titles).toEqual(['Two & "lines" </script>', 'k = 5']);
    expect(browser.problems().pageErrors.filter((text) => text.startsWith('uncaught'))).toEqual([]);

    const withoutState = { ...folder.json('run.ipynb'), metadata: makeNotebook([]).metadata };
    fs.writeFileSync(folder.file('stateless.ipynb'), JSON.stringify(withoutState));
    await convert('html', 'stateless.ipynb');
    await open('stateless.html');
    expect(await browser.page.locator('input[type=range]').inputValue()).toBe('5');

    await convert('slides', 'run.ipynb', '--Figures.embed=True', '--output', 'alone');
    await browser.page.unroute(/plotly\.js-dist-min@/);
    await open('alone.slides.html');
    await expect.poll(titles).toEqual(['Two & "lines" </script>', 'k = 5']);
  });

  test('HTML collapses hidden code to its first line', async () => {
    const [first, second] = makeNotebook(['// draws <it>\nconst a = 1;', 'a + 1']).cells;
    const hidden = { ...first, metadata: { ...first!.metadata, jupyter: { source_hidden: true } } };
    fs.writeFileSync(folder.file('hidden.ipynb'), JSON.stringify({ ...makeNotebook([]), cells: [hidden, second] }));
    for (const option of ['--HTMLExporter.sanitize_html=False', '--HTMLExporter.sanitize_html=True']) {
      await convert('html', 'hidden.ipynb', option);
      await open('hidden.html');
      const folded = browser.page.locator('details');
      expect(await folded.count()).toBe(1);
      expect(await folded.locator('summary').innerText()).toBe('// draws <it>');
      const code = browser.page.locator('pre');
      expect(await code.evaluateAll((all) => all.map((one) => one.checkVisibility()))).toEqual([false, true]);
      await folded.locator('summary').click();
      expect(await code.first().innerText()).toContain('const a = 1;');
    }
  });

  test('Markdown has pictures in files, and HTML on request', async () => {
    await convert('markdown', 'run.ipynb');
    const pictures = fs.readdirSync(folder.file('run_files'));
    expect(pictures).toHaveLength(2);
    for (const name of pictures) {
      expect(folder.text('run.md')).toContain(`run_files/${name}`);
      expect(
        fs
          .readFileSync(folder.file(`run_files/${name}`))
          .subarray(1, 4)
          .toString(),
      ).toBe('PNG');
    }
    await convert('html', 'run.ipynb', '--Figures.plotly=', '--output', 'pictures');
    expect(folder.text('pictures.html').match(/<img alt=["']Curves: [^>]*src="data:image\/png;base64/g)).toHaveLength(
      2,
    );
  });

  test('the pictures of a notebook of the project stay until its figures are live', async () => {
    const notebook = path.join(paths.notebooks, '004-neural-networks', '02-perceptron-and-multilayer-perceptron.ipynb');
    await convert('html', notebook, '--output-dir', folder.root, '--output', 'committed');
    await open('committed.html');
    const count = await browser.page.locator('.gradlab-figure').count();
    expect(count).toBeGreaterThan(3);
    expect(await browser.page.locator('.gradlab-figure img').count()).toBe(count);
  });
});
