// JupyterLab's saved files: figures have their pictures, as the notebook runner writes them, and the same run gives the
// same file.
import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { colourShare, LEAST_COLOUR } from '../../kernel-setup/figures/colour.mjs';
import { openFigurePage } from '../../kernel-setup/figures/draw.mjs';
import { executeNotebook } from '../../tools/notebooks/execute.mjs';
import { cleanNotebook, readNotebook } from '../../tools/notebooks/notebook-file.mjs';
import { describeInChromium } from '../support/browsers';
import { runAllCells, waitForFigures } from '../support/lab-page.mjs';
import { reader, screenshots } from '../support/reader';
import { useLab } from '../support/use-lab';

const mime = 'application/vnd.plotly.v1+json';
const wave = '{ name: "wave", y: Array.from({ length: 20 }, (_, i) => Math.sin(i / 3)) }';
const allWidgets = `const W: Record<string, (options: object) => unknown> = Jupyter.widgets as never;
const options = ['a', 'b'];
const given: Record<string, object> = {
  Dropdown: { options }, RadioButtons: { options }, Select: { options }, SelectionSlider: { options },
  SelectionRangeSlider: { options }, ToggleButtons: { options }, SelectMultiple: { options },
  Image: { value: new Uint8Array([1, 2, 3]) }, IntSlider: { value: 3, max: 10, description: 'n', layout: { width: '300px' } },
};
const kinds = Object.keys(W).filter((name) => /^[A-Z]/.test(name) && name !== 'Widget');
for (const name of kinds) W[name](given[name] ?? {});
console.log(kinds.length > 40)`;
const cells = [
  "import { plot } from 'gradlab/lab';",
  `plot.curves([${wave}], { title: 'A wave' })`,
  `plot.slider([1, 2, 3], (k) => plot.curves([{ name: 'loss', y: [9, k, 1] }], { yRange: [0, 10], title: 'Loss' }), { label: 'k', play: true })`,
  "plot.surface((x: number, y: number) => x * x + y * y, { resolution: 11, title: 'A bowl' })",
  `Jupyter.display({ 'image/svg+xml': '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"><rect width="40" height="40" fill="red"/></svg>', 'text/plain': 'a red square' })`,
  `console.log('a word')`,
];

interface Output {
  data?: Record<string, unknown> & { 'image/png'?: string; 'text/plain'?: string[] };
  metadata?: { 'image/png'?: { alt: string } };
}
interface File {
  cells: { outputs: Output[] }[];
  metadata: Record<string, unknown>;
}

describeInChromium('saving in JupyterLab', () => {
  const lab = useLab();
  const name = 'stills.ipynb';
  const text = () => fs.readFileSync(lab.file(name), 'utf8');
  const outputs = () => (JSON.parse(text()) as File).cells.flatMap((cell) => cell.outputs);
  const pictures = () => outputs().flatMap(({ data }) => data?.['image/png'] ?? []);
  /** @returns milliseconds */
  const save = (): Promise<number> =>
    lab.page.evaluate(async () => {
      const before = performance.now();
      await jupyterapp.commands.execute('docmanager:save');
      return performance.now() - before;
    });
  const open = async (source: string[]) => {
    lab.write(name, source);
    await lab.open(name);
  };
  const imageOf = (png: string) =>
    lab.page.evaluate(async (address) => {
      const image = new Image();
      image.src = address;
      await image.decode();
      return [image.width, image.height];
    }, `data:image/png;base64,${png}`);

  it("saves the notebook runner's pictures of figures and drawings, with their descriptions", async () => {
    await open(cells);
    await runAllCells(lab.page);
    await save(); // immediately, before figures are drawn
    const drawn = outputs().filter(({ data }) => data && (mime in data || 'image/svg+xml' in data));
    expect(drawn).toHaveLength(4);
    const runner = await openFigurePage();
    try {
      for (const [i, { data, metadata }] of drawn.entries()) {
        const png = data!['image/png']!.trim();
        fs.writeFileSync(path.join(screenshots, `still-${i}.png`), Buffer.from(png, 'base64'));
        const figure = data![mime] as { layout: { width?: number; height: number } } | undefined;
        const svg = ([data!['image/svg+xml'] ?? []].flat() as string[]).join('');
        expect(png).toBe(await runner.draw(figure ?? { svg }));
        expect(await imageOf(png)).toEqual(figure ? [figure.layout.width ?? 700, figure.layout.height] : [80, 40]);
        expect(await lab.page.evaluate(colourShare, `data:image/png;base64,${png}`)).toBeGreaterThan(LEAST_COLOUR);
        expect(metadata!['image/png']!.alt).toBe(data!['text/plain']!.join(''));
      }
    } finally {
      await runner.close();
    }
    lab.expectNoProblems();
  });

  it('writes the same file after the same run, without state of missing widgets', async () => {
    await open(cells);
    await runAllCells(lab.page);
    await save();
    const first = text();
    expect((JSON.parse(first) as File).metadata).not.toHaveProperty('widgets');
    // Different pictures, as from another browser: they stay if figures are the same.
    const other = 'iVBORw0KGgo=';
    fs.writeFileSync(lab.file(name), first.replace(/"image\/png": "[^"]*"/g, `"image/png": "${other}"`));
    await lab.open(name);
    await reader(lab).restart();
    await runAllCells(lab.page);
    await waitForFigures(lab.page, 3);
    await save();
    expect(pictures()).toEqual(Array.from({ length: 4 }, () => other));
    expect(text().replaceAll(other, '')).toBe(first.replace(/("image\/png": ")[^"]*/g, '$1'));
    lab.expectNoProblems();
  });

  it('writes as much of the state of each kind of widget as the notebook runner', async () => {
    await open([allWidgets]);
    const file = lab.file(name);
    const { notebook, error } = await executeNotebook(readNotebook(file), { file, kernel: 'gradlab', timeout: 120 });
    expect(error).toBeNull();
    const run = notebook as File;
    expect(run.cells[0]!.outputs).toEqual([{ output_type: 'stream', name: 'stdout', text: 'true\n' }]);
    await runAllCells(lab.page);
    await save();
    expect((JSON.parse(text()) as File).metadata.widgets).toEqual((cleanNotebook(run) as File).metadata.widgets);
  });

  it('does not change the page: a slider keeps the position that a reader has set', async () => {
    await open(cells.slice(0, 3));
    await runAllCells(lab.page);
    await waitForFigures(lab.page, 2);
    const slider = lab.page.getByRole('slider', { name: 'k' });
    await slider.focus();
    await lab.page.keyboard.press('End');
    await expect.poll(() => slider.inputValue()).toBe('2');
    const shown = () =>
      lab.page.evaluate(() =>
        [...document.querySelectorAll('.gradlab-plotly')].map((node) => {
          const { data } = node as unknown as { data: { name: string; y: number[] }[] };
          return data.find(({ name }) => name === 'loss')?.y[1];
        }),
      );
    await expect.poll(shown).toContain(3);
    await save();
    expect(pictures()).toHaveLength(2);
    expect(await slider.inputValue()).toBe('2');
    expect(await shown()).toContain(3);
    lab.expectNoProblems();
  });

  /** Makes plotly fail to draw surfaces, by rejecting or hanging. */
  const refuse = (how: 'reject' | 'hang') =>
    lab.page.evaluate((way) => {
      const { Plotly } = window as unknown as {
        Plotly: { toImage(figure: { data?: { type: string }[] }, options: object): Promise<string> };
      };
      const { toImage } = Plotly;
      Object.assign(window, { tried: 0 });
      Plotly.toImage = (figure, options) => {
        if (figure.data?.[0]?.type !== 'surface') return toImage(figure, options);
        (window as unknown as { tried: number }).tried++;
        return way === 'reject' ? Promise.reject(new Error('no WebGL')) : new Promise(() => {});
      };
    }, how);

  it.each(['reject', 'hang'] as const)(
    'saves without the picture of a figure that cannot be drawn, and tries it once: %s',
    async (how) => {
      await open([...cells.slice(0, 2), cells[3]!, cells[2]!]);
      await runAllCells(lab.page);
      await waitForFigures(lab.page, 3);
      await refuse(how);
      await save();
      expect(pictures().length).toBeLessThan(3);
      // On a busy machine the picture of a valid figure may be late, too: then the next save has it.
      const saved = async () => {
        await save();
        return pictures().length;
      };
      await expect.poll(saved, { timeout: 60_000 }).toBe(2);
      expect(await lab.page.evaluate('tried')).toBe(1);
      lab.expectNoProblems();
    },
  );
});
