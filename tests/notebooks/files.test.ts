import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeAtomically } from '../../kernel-setup/setup/files.mjs';
import { paths } from '../../kernel-setup/setup/index.mjs';
import { compareNotebooks, firstDifference } from '../../tools/notebooks/compare-outputs.mjs';
import { cleanNotebook, notebookText, readNotebook } from '../../tools/notebooks/notebook-file.mjs';
import { asName, cellOfAddress, idPrefix, referenceOf, slugOf } from '../../tools/notebooks/references.mjs';
import { drawMissingPictures, mergeCommitted } from '../../tools/notebooks/update.mjs';
import { makeNotebook } from '../support/notebooks';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-files-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));
const put = (content: unknown, name = 'a.ipynb') => {
  const file = path.join(folder, name);
  fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};

describe('the state of widgets', () => {
  const mime = 'application/vnd.jupyter.widget-state+json';
  const widgetsOf = (state: object) => {
    const notebook = makeNotebook([], { widgets: { [mime]: { state, version_major: 2 } } });
    const { metadata } = cleanNotebook(notebook) as { metadata: { widgets?: Record<string, { state: object }> } };
    return metadata.widgets?.[mime];
  };

  it('is written without defaults, except for those that JupyterLab lacks', () => {
    const slider = {
      _view_name: 'IntSliderView',
      value: 0,
      max: 10,
      step: 1,
      behavior: 'drag-tap',
      layout: 'IPY_MODEL_b',
    };
    const frame = { model_module: '@jupyter-widgets/controls', model_name: 'IntSliderModel' };
    expect(widgetsOf({ a: { ...frame, state: slider } })).toEqual({
      version_major: 2,
      state: { a: { ...frame, state: { max: 10, behavior: 'drag-tap', layout: 'IPY_MODEL_b' } } },
    });
    const foreign = { model_module: 'elsewhere', model_name: 'GlobeModel', state: { _view_count: null } };
    expect(widgetsOf({ a: foreign })!.state).toEqual({ a: foreign });
    const bytes = (data: string) => [{ path: ['value'], encoding: 'base64', data }];
    const image = (data: string) => ({ model_name: 'ImageModel', state: {}, buffers: bytes(data) });
    expect(widgetsOf({ a: image(''), b: image('AQID') })!.state).toEqual({
      a: { model_name: 'ImageModel', state: {} },
      b: image('AQID'),
    });
  });

  it('is omitted if there are no widgets', () => {
    expect(widgetsOf({})).toBeUndefined();
    expect(cleanNotebook(makeNotebook([], { widgets: { [mime]: { state: {} } } })).metadata).not.toHaveProperty(
      'widgets',
    );
  });
});

describe('reading a notebook', () => {
  it('joins lists of lines', () => {
    const notebook = makeNotebook([
      { source: 'x', outputs: [{ output_type: 'stream', name: 'stdout', text: ['a\n', 'b'] }] },
      {
        source: 'y',
        outputs: [{ output_type: 'display_data', data: { 'text/plain': ['c\n', 'd'], 'x/y+json': ['e'] } }],
      },
    ]);
    (notebook.cells[0] as { source: unknown }).source = ['const a = 1;\n', 'a'];
    const [first, second] = readNotebook(put(notebook)).cells;
    expect(first.source).toBe('const a = 1;\na');
    expect(first.outputs[0].text).toBe('a\nb');
    expect(second.outputs[0].data).toEqual({ 'text/plain': 'c\nd', 'x/y+json': ['e'] });
  });

  it('gives a cell without an id one that depends only on its source', () => {
    const notebook = makeNotebook(['same', 'same', 'other']);
    for (const cell of notebook.cells) delete (cell as { id?: string }).id;
    const ids = readNotebook(put(notebook)).cells.map((cell: { id: string }) => cell.id);
    expect(new Set(ids).size).toBe(3);
    expect(ids[1]).toBe(`${ids[0]}-2`);
    expect(readNotebook(put(notebook)).cells.map((cell: { id: string }) => cell.id)).toEqual(ids);
  });

  it('says what is wrong with a file', () => {
    expect(() => readNotebook('/nowhere/b.ipynb')).toThrow('there is no notebook /nowhere/b.ipynb');
    expect(() => readNotebook(put('{'))).toThrow(/a.ipynb cannot be read as a notebook/);
    expect(() => readNotebook(put({ nbformat: 3, worksheets: [] }))).toThrow(
      /not a notebook of format 4 \(nbformat: 3\)/,
    );
    const twins = makeNotebook([
      { source: '1', id: 'x' },
      { source: '2', id: 'x' },
    ]);
    expect(() => readNotebook(put(twins))).toThrow(/two cells have the id x/);
  });
});

describe('writing a notebook', () => {
  const tricky = makeNotebook(
    [
      { source: '# Ünïcödé 🎲 \u2028 and "quotes" \\ \t tab', type: 'markdown' },
      { source: '', count: undefined },
      {
        source: 'a\n\nb\r\nc\u0085d\u000ce\n',
        tags: ['volatile'],
        outputs: [
          { output_type: 'stream', name: 'stdout', text: 'one\ntwo\u001b[0m\u0001\n' },
          {
            output_type: 'display_data',
            metadata: {},
            data: {
              'text/plain': 'x',
              'text/html': '<b>\nx</b>',
              'image/png': 'iVBORw0KGgo=\n',
              'image/svg+xml': '<svg>\n</svg>',
              'application/vnd.plotly.v1+json': {
                data: [
                  {
                    z: [
                      [0, 1.5, -2, 1e-7],
                      [0.00005, 0.0001, 123456789.125, 1e21],
                      [5e-324, -1e-9, 3.14, null],
                    ],
                  },
                ],
                layout: {},
                empty: [],
              },
            },
          },
        ],
      },
    ],
    { b: 1, a: { z: true } },
  );

  it('writes the bytes that JupyterLab would write', () => {
    const text = notebookText(tricky, 'a.ipynb');
    const python = `
import nbformat, sys
notebook = nbformat.read(sys.argv[1], as_version=4)
nbformat.validate(notebook)
sys.stdout.buffer.write((nbformat.writes(notebook) + "\\n").encode())`;
    const rewritten = execFileSync(paths.venvPython, ['-c', python, put(text)], { encoding: 'utf8' });
    expect(text).toBe(rewritten);
    expect(JSON.parse(text).cells[2].outputs[1].data['application/vnd.plotly.v1+json']).toEqual(
      (tricky.cells[2]!.outputs![1] as { data: Record<string, unknown> }).data['application/vnd.plotly.v1+json'],
    );
  });

  it('reads what it wrote', () => {
    const text = notebookText(tricky, 'a.ipynb');
    expect(notebookText(readNotebook(put(text)), 'a.ipynb')).toBe(text);
  });

  it('prefixes each id with the note and the words of its name, and strips the prefix again', () => {
    const name = '002-descent/01-which-way.ipynb';
    fs.mkdirSync(path.join(folder, '002-descent'));
    const notebook = makeNotebook([
      { source: 'x', id: 'title' },
      { source: 'y', id: '002-which-way' },
    ]);
    const text = notebookText(notebook, path.join(folder, name));
    const ids = ['002-which-way-title', '002-which-way-002-which-way'];
    expect(JSON.parse(text).cells.map(({ id }: { id: string }) => id)).toEqual(ids);
    const again = readNotebook(put(text, name));
    expect(again.cells.map(({ id }: { id: string }) => id)).toEqual(['title', '002-which-way']);
    expect(notebookText(again, path.join(folder, name))).toBe(text);
    // As an editor has written it, or from when it belonged to another note.
    expect(readNotebook(put(notebook, name)).cells).toEqual(again.cells);
    expect(readNotebook(put(text, '002-descent/q-which-way.ipynb')).cells).toEqual(again.cells);
  });

  it('derives its name from its note and the words of its title', () => {
    expect(['01-which-way.ipynb', 'a/002-b/q-which-way.ipynb', '03-391-weights.ipynb'].map(slugOf)).toEqual([
      'which-way',
      'which-way',
      '391-weights',
    ]);
    const path = '002-descent/12-which-way.ipynb';
    expect([referenceOf('002', path), asName(referenceOf('002', path))]).toEqual(['002/which-way', '002-which-way']);
    expect(
      ['start.ipynb', '00-start-here.ipynb', 'notes/01-mine.ipynb', '002-descent/mine.ipynb', path].map(idPrefix),
    ).toEqual(['', '', '', '', '002-which-way-']);
    expect(['002-which-way-title', '002-12-title', 'title'].map((id) => cellOfAddress(id, path))).toEqual([
      'title',
      'title',
      'title',
    ]);
  });

  it('removes what differs from run to run', () => {
    const dirty = makeNotebook(
      [
        { source: 'text', type: 'markdown' },
        { source: ' ' },
        {
          source: '1',
          count: 17,
          tags: [],
          outputs: [
            { output_type: 'stream', name: 'stdout', text: 'a' },
            { output_type: 'stream', name: 'stdout', text: 'b' },
            { output_type: 'stream', name: 'stderr', text: 'c' },
            { output_type: 'execute_result', execution_count: 17, data: {}, metadata: {} },
          ],
        },
        { source: '2', count: 3, tags: ['volatile'] },
      ],
      { kernelspec: { name: 'tslab' }, orig_nbformat: 4, title: 'T', gradlab: { node: 20 } },
    );
    Object.assign(dirty.cells[2]!.metadata, { execution: { 'iopub.status.busy': '2026-01-01' }, collapsed: false });
    const clean = cleanNotebook(dirty);
    expect(clean.metadata).toEqual({
      gradlab: { node: 20 },
      title: 'T',
      kernelspec: { display_name: 'TypeScript (gradlab)', language: 'typescript', name: 'gradlab' },
    });
    expect(clean.cells.map((cell: { execution_count?: number }) => cell.execution_count)).toEqual([
      undefined,
      null,
      1,
      2,
    ]);
    expect(clean.cells[2].metadata).toEqual({});
    expect(clean.cells[3].metadata).toEqual({ tags: ['volatile'] });
    expect(clean.cells[2].outputs).toEqual([
      { output_type: 'stream', name: 'stdout', text: 'ab' },
      { output_type: 'stream', name: 'stderr', text: 'c' },
      { output_type: 'execute_result', execution_count: 1, data: {}, metadata: {} },
    ]);
    expect(clean.cells.map((cell: { id: string }) => cell.id)).toEqual(['cell-1', 'cell-2', 'cell-3', 'cell-4']);
  });

  it('replaces a file as a whole, or not at all', () => {
    const file = put('old');
    writeAtomically(file, 'new');
    expect(fs.readFileSync(file, 'utf8')).toBe('new');
    fs.mkdirSync(path.join(folder, 'b.ipynb'));
    expect(() => writeAtomically(path.join(folder, 'b.ipynb'), 'new')).toThrow();
    expect(fs.readdirSync(folder).sort()).toEqual(['a.ipynb', 'b.ipynb']);
  });
});

const stream = (text: string) => ({ output_type: 'stream', name: 'stdout', text });
const display = (data: object, metadata: object = {}) => ({ output_type: 'display_data', data, metadata });
const figure = (z: number) => ({ 'application/vnd.plotly.v1+json': { data: [{ z: [[1, z]] }], layout: {} } });
const ran = (...outputs: object[]) => makeNotebook([{ source: 'x', count: 1, outputs }]);

describe('comparing outputs', () => {
  it.each([
    ['the same', ran(stream('a')), ran(stream('a'))],
    ['a stream split differently', ran(stream('ab')), ran(stream('a'), stream('b'))],
    ['another picture', ran(display({ ...figure(2), 'image/png': 'x' })), ran(display(figure(2)))],
    ['another volatile output', ran(display({ 'text/plain': '1 s' }, { gradlab: { volatile: true } })), ran()],
    [
      'another output of a volatile cell',
      makeNotebook([{ source: 'x', count: 1, tags: ['volatile'], outputs: [stream('1 s')] }]),
      makeNotebook([{ source: 'x', count: 1, tags: ['volatile'], outputs: [stream('2 s')] }]),
    ],
  ])('accepts %s', (_, committed, fresh) => {
    expect(compareNotebooks(committed, fresh)).toEqual([]);
  });

  it.each([
    ['other text', ran(stream('a\nb\n')), ran(stream('a\nc\n')), 'output 1.stdout line 2: committed "b", now "c"'],
    ['more text', ran(stream('a')), ran(stream('a\nc')), 'output 1.stdout line 2: committed nothing, now "c"'],
    [
      'another number',
      ran(display(figure(2))),
      ran(display(figure(2.5))),
      'output 1.display_data.application/vnd.plotly.v1+json.data[0].z[0][1]: committed 2, now 2.5',
    ],
    ['a missing output', ran(stream('a'), display(figure(2))), ran(stream('a')), 'outputs committed 2, now 1'],
    [
      'another kind',
      ran(display({ 'text/plain': 'a' })),
      ran(stream('a')),
      'output 1.display_data: committed {"text/plain":"a"}, now nothing',
    ],
    ['a picture less', ran(display({ 'image/png': 'x' })), ran(), 'outputs committed 1, now 0'],
    [
      'a notebook never run',
      makeNotebook(['x']),
      ran(),
      'has no committed outputs: it was never run. Try: npm run notebooks -- --update, with its name',
    ],
  ])('finds %s', (_, committed, fresh, message) => {
    expect(compareNotebooks(committed, fresh)).toEqual([{ index: 0, message }]);
  });

  it('finds a different state of the widgets', () => {
    const widgets = (value: number) => ({ ...ran(), metadata: { widgets: { state: { a: { value } } } } });
    expect(compareNotebooks(widgets(1), widgets(1))).toEqual([]);
    expect(compareNotebooks(widgets(1), widgets(2))[0]!.message).toBe('widgets.state.a.value: committed 1, now 2');
  });

  it('shortens a long value', () => {
    expect(firstDifference('x'.repeat(500), 'y', 'p')!.length).toBeLessThan(130);
  });

  it('treats numbers of figures and claims as equal if the difference is not visible', () => {
    const figure = (...y: (number | null)[]) => ({ data: [{ y }], layout: { range: [y[0], 1] } });
    expect(firstDifference(figure(2.145, 3.1e-15), figure(2.1451, 8e-15), 'p')).toBeUndefined();
    expect(firstDifference(figure(2.145), figure(2.15), 'p')).toBe('p.data[0].y[0]: committed 2.145, now 2.15');
    expect(firstDifference(figure(1, 2), figure(1), 'p')).toBe('p.data[0].y: elements committed 2, now 1');
    expect(firstDifference(figure(0), figure(1e-9), 'p')).toBe('p.data[0].y[0]: committed 0, now 1e-9');
    // In text, too, only rounding errors are ignored.
    expect(firstDifference('63.3, off by 2.1e-14', '63.3, off by 7.1e-15', 'p')).toBeUndefined();
    expect(firstDifference('63.3, off by 2.1e-14', '63.3', 'p')).toBeUndefined();
    expect(firstDifference('63.3, off by 2.1·10⁻¹⁴,', '63.3, off by 10⁻¹⁵,', 'p')).toBeUndefined();
    expect(firstDifference('63.3, off by 0.02', '63.3, off by 3·10⁻⁷', 'p')).toBeUndefined();
    expect(firstDifference('below 2.26·10⁻¹⁵', 'below −1.8·10⁻¹⁶', 'p')).toBeUndefined();
    expect(firstDifference('below 2.26·10⁻²³', 'below 0', 'p')).toBeUndefined();
    expect(firstDifference('10⁻²⁹', '2.23·10⁻³⁰', 'p')).toBeUndefined();
    expect(firstDifference('10⁻¹²', '2·10⁻¹²', 'p')).toMatch(/^p: committed/);
    expect(firstDifference('below 2.26·10⁻¹²', 'below 1.8·10⁻¹²', 'p')).toMatch(/^p: committed/);
    expect(firstDifference('-1.8e-17', '1.2e-17', 'p')).toBeUndefined();
    expect(firstDifference('-1.8e-7', '1.8e-7', 'p')).toBe('p: committed "-1.8e-7", now "1.8e-7"');
    expect(firstDifference('apart: 2.4e-15', 'apart: 1e-16', 'p')).toBeUndefined();
    expect(firstDifference('63.3, off by 2e-14', '63.4, off by 2e-14', 'p')).toMatch(/^p: committed "63.3/);
    expect(firstDifference('apart: 2e-12', 'apart: 3e-12', 'p')).toMatch(/^p: committed/);
    expect(firstDifference(figure(null), figure(0), 'p')).toBe('p.data[0].y[0]: committed null, now 0');
    // Text is read literally.
    expect(firstDifference('2.145', '2.1451', 'p')).toBe('p: committed "2.145", now "2.1451"');
  });
});

describe('updating', () => {
  const committed = makeNotebook([
    { source: 'x', count: 1, outputs: [stream('1 s'), display({ ...figure(1), 'image/png': 'one' })] },
    { source: 'y', count: 2, outputs: [display({ ...figure(2), 'image/png': 'two' })] },
    { source: 'z', count: 3, tags: ['volatile'], outputs: [stream('3 s')] },
  ]);
  const again = makeNotebook([
    { source: 'x', count: 1, outputs: [stream('2 s'), display(figure(1))] },
    { source: 'y', count: 2, outputs: [display(figure(2))] },
    { source: 'z', count: 3, tags: ['volatile'], outputs: [stream('4 s')] },
  ]);
  const pictures = (notebook: { cells: { outputs?: { data?: Record<string, unknown> }[] }[] }) =>
    notebook.cells.flatMap(({ outputs = [] }) =>
      outputs.filter(({ data }) => data).map(({ data }) => data!['image/png']),
    );

  it('keeps unchanged cells, and pictures of unchanged figures', () => {
    const merged = mergeCommitted(again, committed);
    expect(merged.cells[0].outputs[0]).toEqual(stream('2 s'));
    expect(pictures(merged)).toEqual(['one', 'two']);
    expect(pictures(again)).toEqual([undefined, undefined]);
  });

  it('adds volatile outputs if none were committed', () => {
    const volatile = (...outputs: object[]) => makeNotebook([{ source: 'z', count: 1, tags: ['volatile'], outputs }]);
    expect(mergeCommitted(volatile(stream('4 s')), volatile()).cells[0].outputs).toEqual([stream('4 s')]);
    expect(mergeCommitted(volatile(stream('4 s')), volatile(stream('3 s'))).cells[0].outputs).toEqual([stream('3 s')]);
  });

  it('updates volatile outputs if their text or other outputs changed', () => {
    const timed = (text: string, took: object) =>
      makeNotebook([
        { source: 'x', count: 1, outputs: [stream(text)] },
        { source: 'y', count: 2, tags: ['volatile'], outputs: [took] },
      ]);
    const plot = (title: string, z: number) =>
      display({ data: [{ type: 'scatter', y: [z, 2] }], layout: { title: { text: title } } } as never);
    const drawn = plot('took 3 s', 3);
    Object.assign(drawn.data, { 'image/png': 'three' });
    const merged = (fresh: ReturnType<typeof timed>) => mergeCommitted(fresh, timed('1', drawn)).cells[1].outputs[0];
    expect(merged(timed('1', plot('took 4.5 s', 4.5)))).toEqual(drawn);
    expect(merged(timed('1', plot('needed 4.5 s', 4.5)))).toEqual(plot('needed 4.5 s', 4.5));
    expect(merged(timed('2', plot('took 4.5 s', 4.5)))).toEqual(plot('took 4.5 s', 4.5));
  });

  it('draws a changed figure, and all of them on request', async () => {
    const changed = makeNotebook([
      { ...again.cells[0]! },
      { source: 'y', count: 2, outputs: [display(figure(5))] },
      { ...again.cells[2]! },
    ]);
    const drawn: number[] = [];
    const open = async () => ({
      draw: async ({ data }: { data: { z: number[][] }[] }) => {
        drawn.push(data[0]!.z[0]![1]!);
        return 'new';
      },
    });
    const merged = mergeCommitted(changed, committed);
    expect(await drawMissingPictures(merged, open)).toEqual({ drawn: 1, problems: [] });
    expect([drawn, pictures(merged)]).toEqual([[5], ['one', 'new']]);
    const redrawn = mergeCommitted(again, committed, { redraw: true });
    expect(await drawMissingPictures(redrawn, open)).toEqual({ drawn: 2, problems: [] });
    expect(pictures(redrawn)).toEqual(['new', 'new']);
    expect(pictures(committed)).toEqual(['one', 'two']);
  });

  it('adds a picture to SVG, too, and keeps it while the SVG stays the same', async () => {
    const drawing = (text: string) =>
      ran({ output_type: 'display_data', metadata: {}, data: { 'image/svg+xml': text } });
    const open = async () => ({ draw: async ({ svg }: { svg: string }) => `picture of ${svg}` });
    const before = drawing('<svg>1</svg>');
    expect(await drawMissingPictures(before, open)).toEqual({ drawn: 1, problems: [] });
    expect(pictures(before)).toEqual(['picture of <svg>1</svg>']);
    expect(pictures(mergeCommitted(drawing('<svg>1</svg>'), before))).toEqual(['picture of <svg>1</svg>']);
    expect(pictures(mergeCommitted(drawing('<svg>2</svg>'), before))).toEqual([undefined]);
  });

  it('names the cell of a figure that cannot be drawn', async () => {
    const open = async () => ({ draw: () => Promise.reject(new Error('the figure is blank')) });
    const { problems } = await drawMissingPictures(ran(stream(''), display(figure(1))), open);
    expect(problems).toEqual([{ index: 0, message: 'the figure is blank' }]);
  });
});
