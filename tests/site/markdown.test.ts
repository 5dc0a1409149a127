// Text of notebooks on the plain pages.
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { paths } from '../../kernel-setup/setup/index.mjs';
import { linkOf } from '../../site/pages/notebook-page.mjs';
import { highlighted, markdownReader, withFormulas } from '../../tools/notebooks/markdown.mjs';

const notebook = '002-gradient-descent/03-391-weights.ipynb';
const ready = [
  notebook,
  '003-nyu-week-2/04-backprop-through-blocks.ipynb',
  '002-gradient-descent/q-gradient-points-home.ipynb',
];
const html = markdownReader(linkOf(notebook, (name: string) => ready.includes(name)));

/** The formulas of an HTML text, as they were written. */
const formulas = (text: string) =>
  [...text.matchAll(/<annotation encoding="application\/x-tex">([\s\S]*?)<\/annotation>/g)].map(([, tex]) => tex);

describe('Markdown', () => {
  test('renders formulas anywhere, whatever characters they contain', () => {
    expect(formulas(html('at $x_1 * y_1 * z$ and $$a_b \\\\ c_d$$'))).toEqual(['x_1 * y_1 * z', 'a_b \\\\ c_d']);
    expect(formulas(html('| a |\n|:--|\n| $|x|$ |'))).toEqual(['|x|']);
    expect(formulas(html('<details><summary>Hint</summary>take $\\eta < 2$</details>'))).toEqual(['\\eta &lt; 2']);
    expect(html('$$x$$')).toContain('katex-display');
  });

  test('makes empty cells above a column no headers, since a screen reader would announce them', () => {
    const table = html('| | $x$ | b |\n|:--|---|---|\n| 1 | 2 | 3 |');
    expect(table).toContain('<td style="text-align:left"></td>');
    expect(table.match(/<th>/g)).toHaveLength(2);
  });

  test('finds no formula in code, or where a dollar is a dollar', () => {
    expect(html('`a $x$ b`')).toBe('<p><code>a $x$ b</code></p>\n');
    expect(formulas(html('```ts\nconst a = `${x} $`;\n```\nthen $y$'))).toEqual(['y']);
    expect(html('costs \\$5 or \\$6')).toBe('<p>costs $5 or $6</p>\n');
  });

  test('a formula with an error or a warning fails the build', () => {
    expect(() => html('$½$')).toThrow(/the formula ½ cannot be set: .*Unrecognized Unicode character/);
    expect(() => html('$\\frac{1}$')).toThrow(/the formula \\frac\{1\} cannot be set/);
  });

  test('headings have the anchors of JupyterLab', () => {
    expect(html('## 2 · How *many* lowest points?')).toContain('<h2 id="2-·-How-many-lowest-points?">');
  });

  test('links lead to pages, to the laboratory for notebooks without one, and elsewhere unchanged', () => {
    const target = (address: string) => /href="([^"]*)"/.exec(html(`[x](${address})`))?.[1];
    expect(target('q-gradient-points-home.ipynb#In-short')).toBe('q-gradient-points-home.html#In-short');
    expect(target('../003-nyu-week-2/04-backprop-through-blocks.ipynb')).toBe(
      '../003-nyu-week-2/04-backprop-through-blocks.html',
    );
    expect(target('../00-start-here.ipynb')).toBe('../../index.html');
    expect(target('../errata.md')).toBe('../errata.html');
    expect(target('../004-neural-networks/99-none.ipynb')).toMatch(/^\.\.\/\.\.\/lab\/index\.html\?path=004/);
    expect(target('../claims.json')).toBe('../../files/claims.json');
    expect(target('https://example.org/a.ipynb')).toBe('https://example.org/a.ipynb');
    expect(target('#Exercises')).toBe('#Exercises');
  });
});

test('HTML of outputs: renders formulas between its tags, not in them or in code', () => {
  const set = withFormulas('<p title="$a$">At $\\eta &lt; 2$ <code>$b$</code></p>');
  expect(formulas(set)).toEqual(['\\eta &lt; 2']);
  expect(set).toContain('title="$a$"');
  expect(set).toContain('<code>$b$</code>');
});

test('code keeps its characters', () => {
  const code = 'const f = (x: number) => `<b>${x}</b>`; // & more';
  const text = highlighted(code).replace(/<[^>]*>/g, '');
  expect(text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')).toBe(code);
  expect(highlighted(code)).toContain('<span class="hljs-keyword">const</span>');
  // A span for each token kind that has a colour, and for no other.
  const css = fs.readFileSync(path.join(paths.root, 'site/pages/assets/notebook.css'), 'utf8');
  const own = 'const f = ({ a = 1 }: Options, b: number) => new Map().get(`v ${a.b(/c/g)}`) ?? true; // why';
  const kinds = [...highlighted(own).matchAll(/<span class="([^"]+)">/g)].map(([, kind]) => kind);
  for (const kind of kinds) expect(css).toContain(`.${kind}`);
  expect(kinds.length).toBe(highlighted(own).match(/<\/span>/g)!.length);
  const plain = highlighted(own).replace(/<[^>]+>/g, '');
  expect(plain.replaceAll('&gt;', '>')).toBe(own);
});
