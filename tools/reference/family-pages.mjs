// The text of the generated pages in docs/reference: each function and class with its example, its figure or output, its call and
// its options.
import ts from 'typescript';
import { byFamily, FIGURE_PAGES } from './families.mjs';
import { withoutLinks } from './links.mjs';

const GENERATED = '<!-- Written by scripts/generate-docs.mjs from the declarations; run `npm run generate`. -->';

/** Number of options that a second function of a page does not repeat. */
const LONG = 8;

/** Words of a page that are read in a minute. */
const PER_MINUTE = 230;

/** The file of a function's figure in docs/reference/figures/, without its ending. @param {number} [i] among its figures */
export const figureFile = (name, i = 0) => name.replace('plot.', '') + (i > 0 ? `-${i + 1}` : '');

/** The address of a family's page below docs/. */
export const familyPage = ({ name }) => `reference/${name}.md`;

/** Statements that throw, which examples show with the error on the next line, and the result beside the last statement. */
function asCell(example) {
  const source = ts.createSourceFile('example.ts', example, ts.ScriptTarget.ES2022, true);
  let text = example;
  const isExpression = (node) => node && ts.isExpressionStatement(node);
  for (const statement of [...source.statements].reverse()) {
    const after = text.slice(statement.end);
    const [thrown] = /^;?[ \t]*\n\/\/ \w*Error:.*\n?/.exec(after) ?? [];
    if (isExpression(statement) && thrown !== undefined)
      text = text.slice(0, statement.getStart()) + after.slice(thrown.length);
  }
  return text.trim().replace(/^(.*\S)[ \t]+\/\/ .*$(?![\s\S])/m, (line, code) => (/^\s*\/\//.test(line) ? line : code));
}

/** Whether the last line of an example says what it shows: others show something else each time, or nothing. */
const saysResult = ({ example }) => /\S[ \t]+\/\/ .*$/.test(example.trimEnd().split('\n').at(-1));

/** The example with the imports that it needs. */
export function runnable({ example, imports }) {
  const lines = Object.entries(imports)
    .filter(([, names]) => names.length > 0)
    .map(([door, names]) => `import { ${[...names].sort().join(', ')} } from '${door}';\n`);
  return `${lines.join('')}\n${asCell(example)}`.trimStart();
}

/** Examples that read a file of the project run only there. */
const hasExample = ({ example }) => example !== '' && !example.includes("'package.json'");

/** The name of PyTorch in parentheses, which has a line of its own. */
const TORCH = /\s?\(((?:`torch\.[\w.]+`(?:, )?)+)\)/g;

const prose = (doc) => withoutLinks(doc).replace(TORCH, '').trim();
const inTable = (text) =>
  prose(text)
    .replace(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|');
const code = (text) => `\`${text.replaceAll('|', '\\|')}\``;

/** The first sentence of a documentation. */
function firstOf(doc) {
  const [sentence] = /^[\s\S]*?[.:](?=\s|$)/.exec(prose(doc)) ?? [];
  if (sentence === undefined) throw new Error(`a documentation without a sentence: ${doc}`);
  return sentence.replace(/\s+/g, ' ').replace(/:$/, '.');
}

/** GitHub's anchor of a heading. */
const anchorOf = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

const table = (head, rows) =>
  rows.length === 0
    ? []
    : [
        `| ${head.join(' | ')} |`,
        `|${head.map(() => '---').join('|')}|`,
        ...rows.map((cells) => `| ${cells.join(' | ')} |`),
        '',
      ];

const NUMBER_OR_CODE = '`[^`]+`|-?[\\d.]*\\d(?:e-?\\d+)?';
/** The ways in which comments say a default. */
const DEFAULTS = [
  // Default: all. | Default: `'epoch'`.
  /(?:^|\s)Default: ((?:`[^`]*`|[^`.]|\.(?=\S))+?)\.(?=\s|$)/,
  // ; default 0.1. | ; default: the one that `manualSeed` seeds.
  /[;,] default:? ((?:`[^`]*`|[^`.;]|\.(?=\S))+?)(?=[.;](?:\s|$)|$)/,
  // 0 (default) to 1
  new RegExp(`(${NUMBER_OR_CODE}) \\(default\\)`),
];

/** The default that a comment gives, and the rest of the comment. @returns {{ value?: string, rest: string }} */
export function splitDefault(doc) {
  const text = inTable(doc);
  for (const [i, pattern] of DEFAULTS.entries()) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const [all, value] = found;
    const rest = i === DEFAULTS.length - 1 ? text.replace(' (default)', '') : text.replace(all, '').trim();
    // A default in a bracket is part of a sentence.
    if (i === 1 && value.split('(').length !== value.split(')').length) continue;
    return {
      value: /^-?[\d.]*\d(e-?\d+)?$|^(true|false|null)$/.test(value) ? `\`${value}\`` : value,
      rest: rest.replace(/^([^.]*[^.!?:)])$/, '$1.'),
    };
  }
  return { rest: text };
}

const typed = ({ name, optional, type, rest }) => [
  code(`${rest ? '...' : ''}${name}${optional ? '?' : ''}`),
  code(type),
];

function argumentRows(params) {
  const hasDocs = params.some(({ doc }) => doc !== '');
  const head = ['argument', 'kind', ...(hasDocs ? ['what it is'] : [])];
  return table(
    head,
    params.map((one) => [...typed(one), ...(hasDocs ? [inTable(one.doc)] : [])]),
  );
}

function optionRows(options, before) {
  const keyOf = ({ name, type, doc }) => `${name} ${type} ${doc}`;
  const has = (other) => {
    const keys = new Set(other.options.map(keyOf));
    return options.filter((one) => keys.has(keyOf(one)));
  };
  const [from, shared] = before
    .map((other) => [other, has(other)])
    .reduce((best, one) => (one[1].length > best[1].length ? one : best), [undefined, []]);
  const isLong = shared.length >= LONG;
  const own = isLong ? options.filter((one) => !shared.includes(one)) : options;
  const rows = table(
    ['option', 'kind', 'default', 'what it is'],
    own.map((one) => {
      const { value, rest } = splitDefault(one.doc);
      return [code(one.name), code(one.type), one.optional ? (value ?? '–') : '*required*', rest];
    }),
  );
  if (!isLong) return rows;
  const names = shared.map(({ name }) => code(name)).join(', ');
  return [...rows, `As in [${from.name}](#${anchorOf(from.heading)}): ${names}.`, ''];
}

const memberRows = (members) =>
  table(
    ['member', 'what it is'],
    members.map((one) => [
      one.calls ? one.calls.map(code).join(' ') : code(`${one.name}: ${one.type}`),
      one.doc === '' ? '' : inTable(firstOf(one.doc)),
    ]),
  );

/** PyTorch's names, and what a documentation says of PyTorch after its first paragraph. */
function besideTorch(all, doc) {
  const names = all.flatMap((one) => [...one.doc.matchAll(TORCH)].flatMap(([, list]) => list.split(', ')));
  const [, ...others] = prose(doc).split(/\n{2,}/);
  const said = others
    .join(' ')
    .replace(/\s*\n\s*/g, ' ')
    .split(/(?<=[.!?])\s+(?=[A-Z`({])/)
    .filter((one) => /\bPyTorch\b/.test(one));
  if (names.length === 0) return said.length > 0 ? [said.join(' ').trim(), ''] : [];
  return [[`PyTorch: ${[...new Set(names)].join(', ')}.`, ...said.map((one) => one.trim())].join(' '), ''];
}

/** Layers that differ in the number of dimensions share a section. */
function grouped(declared) {
  const keyOf = ({ name, params, options }) =>
    [name.replace(/[123]d/, 'Nd'), ...[...params, ...options].map((one) => one.name)].join();
  const groups = new Map();
  for (const one of declared) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return [...groups.values()];
}

const headingOf = (group) => group.map(({ name }) => name).join(', ');

/** The declaration that a section describes: of two dimensions, if there are several. */
const describedOf = (group) => group.find(({ name }) => /2d/.test(name)) ?? group[0];

function section(group, before, { draws, altOf, outputOf }) {
  const heading = headingOf(group);
  const one = group.find(hasExample) ?? describedOf(group);
  const described = describedOf(group);
  const [first, next] = prose(described.doc).split(/\n{2,}/);
  // What a colon announces belongs to the summary.
  const summary = first.endsWith(':') && next ? `${first}\n\n${next}` : first;
  const pictures = draws ? altOf(one.name).map((alt, i) => `![${alt}](figures/${figureFile(one.name, i)}.png)`) : [];
  const output = draws || !saysResult(one) ? undefined : outputOf(heading);
  const { calls, params, options, members, doc } = described;
  return [
    `## ${heading}`,
    '',
    draws ? prose(doc) : summary,
    '',
    ...(!hasExample(one) ? [] : ['```ts run', runnable(one), '```', '']),
    ...(output ? ['```text output', output, '```', ''] : []),
    ...pictures.flatMap((picture) => [picture, '']),
    ...(calls.length > 0 ? [`Call: ${calls.map((call) => `\`${call}\``).join(' or ')}`, ''] : []),
    ...besideTorch(group, doc),
    ...argumentRows(params),
    ...optionRows(options, before),
    ...memberRows(members),
  ];
}

function pageText(family, declared, context) {
  const groups = grouped(declared);
  const sections = groups.map((group) => ({ ...describedOf(group), heading: headingOf(group) }));
  const types = new Map(declared.flatMap((one) => one.types.map((type) => [type.name, type])));
  const lines = [
    `# ${family.title}`,
    '',
    GENERATED,
    '',
    family.about,
    '',
    'Required arguments come first, options in one last object. A `?` marks what you may leave out. The default – means: none.',
    '',
    ...groups.flatMap((group, i) => section(group, sections.slice(0, i), { ...context, draws: family.draws })),
    ...(types.size > 0 ? ['## Objects and types in the tables', ''] : []),
    ...[...types.values()].flatMap(({ name, type, doc, members }) => [
      `**${name}**${type ? ` = ${code(type).replaceAll('\\|', '|')}` : ''}: ${inTable(doc).replaceAll('\\|', '|')}`,
      '',
      ...table(
        ['member', 'kind', 'what it is'],
        members.map((one) => [...typed(one), inTable(one.doc)]),
      ),
    ]),
    ...(family.words ? [`<!-- words: ${family.words} -->`] : []),
  ];
  const text = `${lines.join('\n').trimEnd()}\n`;
  const minutes = Math.max(1, Math.round(text.replace(/```[\s\S]*?```|^\|.*$/gm, '').split(/\s+/).length / PER_MINUTE));
  return `*Reference · ${minutes} minute${minutes > 1 ? 's' : ''}*\n\n${text}`;
}

/** The outputs of a page's examples, by the heading above them. */
export function outputsIn(text) {
  const sections = text.split(/^## (?=.*$)/m).slice(1);
  return new Map(
    sections.flatMap((one) => {
      const output = /^```text output\n([\s\S]*?)\n```$/m.exec(one)?.[1];
      return output === undefined ? [] : [[one.slice(0, one.indexOf('\n')), output]];
    }),
  );
}

/** The examples of a family's page in their order, by heading. @returns {Map<string, string>} */
export const examplesOf = (declared) =>
  new Map(
    grouped(declared).flatMap((group) => {
      const one = group.find(hasExample);
      return one ? [[headingOf(group), runnable(one)]] : [];
    }),
  );

/** The anchor of each name on a family's page. */
export const anchorsOf = (declared) =>
  new Map(grouped(declared).flatMap((group) => group.map(({ name }) => [name, anchorOf(headingOf(group))])));

/**
 * @param {import('./declarations.mjs').Declared[]} declared
 * @param {object} from
 * @param {(name: string) => string[]} from.altOf the figures of a function in words
 * @param {(page: string, heading: string) => string | undefined} from.outputOf the output of an example
 * @returns {Map<string, string>} the text of each page by its path below docs/
 */
export function familyPages(declared, { altOf, outputOf }) {
  const families = byFamily(declared);
  /** @type {Map<string, string>} */
  const pages = new Map([['reference/figures.md', indexOfFigures(families)]]);
  for (const [family, own] of families) {
    const page = familyPage(family);
    pages.set(page, pageText(family, own, { altOf, outputOf: (heading) => outputOf(page, heading) }));
  }
  return pages;
}

function indexOfFigures(families) {
  const lines = [
    '*Reference · 2 minutes*',
    '',
    '# Figures',
    '',
    GENERATED,
    '',
    'Functions of `gradlab/lab` return figures. A figure is drawn if it is the last expression of a cell, or by `show(figure)`.',
    '',
    ...FIGURE_PAGES.flatMap((family) => [
      `## [${family.title}](${family.name}.md)`,
      '',
      ...table(
        ['function', 'what it shows'],
        families
          .get(family)
          .map(({ name, doc }) => [`[${name}](${family.name}.md#${anchorOf(name)})`, inTable(firstOf(doc))]),
      ),
    ]),
    'Figures that only one chapter uses are beside its other code, in `gradlab/lab/lessons/NAME`.',
    '',
    '<!-- words: plot, chart, gallery of figures, draw -->',
  ];
  return `${lines.join('\n')}\n`;
}
