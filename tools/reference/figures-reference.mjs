// The text of docs/reference/figures*.md: every function of gradlab/lab that draws, with its example, its figure and its options.
import { withoutLinks } from './links.mjs';

/**
 * The pages: every function that draws is on one of them.
 * @type {{ name: string, title: string, about: string, minutes: number, functions: string[] }[]}
 */
export const FIGURE_PAGES = [
  {
    name: 'figures-curves',
    title: 'Figures of curves, bars and counts',
    about: 'Numbers over steps, compared side by side, or counted.',
    minutes: 4,
    functions: ['plot.curves', 'plot.bars', 'plot.pairs', 'plot.histogram', 'plot.histograms'],
  },
  {
    name: 'figures-points',
    title: 'Figures of points and arrows',
    about: 'Numbers on a line, points in a plane, and what pulls them.',
    minutes: 4,
    functions: ['plot.scatter', 'plot.plane', 'plot.dots', 'plot.strip', 'plot.field'],
  },
  {
    name: 'figures-maps',
    title: 'Figures of surfaces, matrices and pictures',
    about: 'Functions of two numbers, matrices in colours, pictures.',
    minutes: 5,
    functions: [
      'plot.surface',
      'plot.contour',
      'plot.heatmap',
      'plot.matrices',
      'plot.confusion',
      'plot.images',
      'plot.lamps',
      'plot.tiles',
    ],
  },
  {
    name: 'figures-nets',
    title: 'Figures of nets, graphs and trees',
    about: 'A net, its layers, the graph of autograd, a decision tree.',
    minutes: 3,
    functions: ['plot.network', 'plot.layerGraph', 'plot.tape', 'plot.tree'],
  },
  {
    name: 'figures-descent',
    title: 'Figures of descent and races',
    about: 'Optimizers on the surface of a loss, alone or against each other.',
    minutes: 4,
    functions: ['plot.descent', 'plot.liveRace', 'plot.race', 'plot.raceMap', 'plot.raceBars'],
  },
  {
    name: 'figures-search',
    title: 'Figures of a training and of a search',
    about: 'Curves that grow while a net trains, and the trials of a study.',
    minutes: 3,
    functions: [
      'trainingDisplay',
      'studyDisplay',
      'plot.optimizationHistory',
      'plot.slice',
      'plot.parallelCoordinate',
      'plot.timeline',
    ],
  },
  {
    name: 'figures-together',
    title: 'Several figures in one',
    about: 'A slider, buttons, or panels side by side.',
    minutes: 2,
    functions: ['plot.slider', 'plot.settings', 'plot.panels'],
  },
];

const GENERATED = '<!-- Written by scripts/generate-docs.mjs from src/lab/plot; run `npm run generate`. -->';

/** The file of a function's figure in docs/reference/figures/, without its ending. @param {number} [i] among its figures */
export const figureFile = (name, i = 0) => name.replace('plot.', '') + (i > 0 ? `-${i + 1}` : '');

/** The example with the imports that it needs. */
export function runnable({ example, imports, labImports }) {
  const from = (names, door) => (names.length > 0 ? `import { ${names.sort().join(', ')} } from '${door}';\n` : '');
  return `${from(imports, 'gradlab')}${from(labImports, 'gradlab/lab')}\n${example}`;
}

const inTable = (text) =>
  withoutLinks(text)
    .replace(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|');
const code = (text) => `\`${text.replaceAll('|', '\\|')}\``;

/** The first sentence of a documentation. */
function firstOf(doc) {
  const [sentence] = /^[\s\S]*?[.:](?=\s|$)/.exec(withoutLinks(doc)) ?? [];
  if (sentence === undefined) throw new Error(`a documentation without a sentence: ${doc}`);
  return sentence.replace(/\s+/g, ' ').replace(/:$/, '.');
}

/** GitHub's anchor of a heading that is a function's name. */
const anchorOf = (name) => name.replaceAll('.', '').toLowerCase();

const table = (head, rows) => [
  `| ${head.join(' | ')} |`,
  `|${head.map(() => '---').join('|')}|`,
  ...rows.map((cells) => `| ${cells.join(' | ')} |`),
  '',
];

const rowsOf = (members) =>
  members.map(({ name, optional, type, doc }) => [code(`${name}${optional ? '?' : ''}`), code(type), inTable(doc)]);

/** How a function is called: `plot.bars(series, options?)`. */
function callOf({ name, params, options, optionsAreOptional }) {
  const names = params.map((one) => `${one.name}${one.optional ? '?' : ''}`);
  if (options.length > 0) names.push(`options${optionsAreOptional ? '?' : ''}`);
  return `${name}(${names.join(', ')})`;
}

function section(one, altOf) {
  const pictures = altOf(one.name).map((alt, i) => `![${alt}](figures/${figureFile(one.name, i)}.png)`);
  return [
    `## ${one.name}`,
    '',
    withoutLinks(one.doc),
    '',
    '```ts run',
    runnable(one),
    '```',
    '',
    ...pictures.flatMap((picture) => [picture, '']),
    `Call: \`${callOf(one)}\``,
    '',
    ...(one.params.length > 0
      ? table(
          ['argument', 'type'],
          rowsOf(one.params).map((row) => row.slice(0, 2)),
        )
      : []),
    ...(one.options.length > 0 ? table(['option', 'type', 'what it is'], rowsOf(one.options)) : []),
  ];
}

/**
 * @param {import('./figure-functions.mjs').FigureFunction[]} functions
 * @param {(name: string) => string[]} altOf the figures of a function in words
 * @returns {Map<string, string>} the text of each page by its path below docs/
 */
export function figuresReference(functions, altOf) {
  const known = new Map(functions.map((one) => [one.name, one]));
  const pages = FIGURE_PAGES.map((page) => {
    const own = page.functions.flatMap((name) => known.get(name) ?? []);
    const types = new Map(own.flatMap((one) => one.types.map((type) => [type.name, type])));
    const lines = [
      `*Reference · ${page.minutes} minutes*`,
      '',
      `# ${page.title}`,
      '',
      GENERATED,
      '',
      `${page.about} Required arguments come first, options in one last object. A \`?\` marks what you may leave out.`,
      '',
      ...own.flatMap((one) => section(one, altOf)),
      ...(types.size > 0 ? ['## Objects in arguments and options', ''] : []),
      ...[...types.values()].flatMap(({ name, doc, members }) => [
        `**${name}**: ${inTable(doc)}`,
        '',
        ...table(['member', 'type', 'what it is'], rowsOf(members)),
      ]),
    ];
    return /** @type {const} */ ([`reference/${page.name}.md`, `${lines.join('\n').trimEnd()}\n`]);
  });
  return new Map([['reference/figures.md', indexOf(known)], ...pages]);
}

function indexOf(known) {
  const lines = [
    '*Reference · 2 minutes*',
    '',
    '# Figures',
    '',
    GENERATED,
    '',
    'Functions of `gradlab/lab` return figures. A figure is drawn if it is the last expression of a cell, or by `show(figure)`.',
    '',
    ...FIGURE_PAGES.flatMap(({ name: page, title, functions }) => [
      `## [${title}](${page}.md)`,
      '',
      ...table(
        ['function', 'what it shows'],
        functions.map((name) => [`[${name}](${page}.md#${anchorOf(name)})`, inTable(firstOf(known.get(name).doc))]),
      ),
    ]),
    'Figures that only one chapter uses are beside its other code, in `gradlab/lab/lessons/NAME`.',
    '',
    '<!-- words: plot, chart, gallery of figures, draw -->',
  ];
  return `${lines.join('\n')}\n`;
}
