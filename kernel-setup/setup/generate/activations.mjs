// Generates modules of activations and dropout from rows that name a function of nn.functional: `ReLU: typeof relu`. The
// function's documentation and options are the module's as well.
import { documented, linesOf, membersOf, note } from './declarations.mjs';
import { defaultsIn, functionOf, optionsIn, propertiesFor } from './losses.mjs';

/** The text of src/nn/activations.ts, from the rows of `Activations` in src/nn/activation.ts. */
export function activationsText(sources, declared) {
  const [types, functions] = [new Map(), new Map()];
  const rows = rowsOf('Activations', sources, declared);
  const classes = rows.map((row) => {
    note(row.called, declared, functions);
    const options = optionsIn(declared.get(row.called));
    if (options === undefined) return classText(row, 'Activation', [forward(row, '')], rows);
    const { node, textOf } = declared.get(row.called);
    const all = propertiesFor(options, declared);
    const [isInplace, hasModes] = ['inplace', 'training'].map((name) => all.some((one) => one.name === name));
    const own = all.filter(({ name }) => name !== 'inplace' && name !== 'training');
    if (own.length > 0) note(options, declared, types);
    const usual = defaultsIn(node.body, textOf);
    const type = hasModes ? `Omit<${options}, 'training'>` : options;
    const taken = [...own.map(({ name }) => `${name} = ${usual.get(name)}`), ...(isInplace ? ['inplace'] : [])];
    const members = [
      ...own.map(({ name, doc, type }) => `${doc}\n  readonly ${name}: ${type};`),
      ...(own.length > 0
        ? [
            methodText(`constructor(options: ${type} = {})`, [
              `const { ${taken.join(', ')} } = options;`,
              ...own.flatMap(({ name, type }) => choiceCheck(row.name, name, type)),
              `super(${isInplace ? '{ inplace }' : ''});`,
              ...own.map(({ name }) => `this.${name} = ${name};`),
            ]),
          ]
        : []),
      ...(hasModes ? [`/** Marks the module as behaving differently in training. @internal */\n  ${modes}`] : []),
      forward(row, ', this'),
      ...printing(row, own),
    ];
    return classText(row, isInplace ? 'InplaceActivation' : 'Activation', members, rows);
  });
  return `${origin('Activations')}

import { floatRepr } from '../display';
import { requireOneOf } from '../ops/table/arguments';
import type { Tensor } from '../tensor/tensor';
import { Activation, InplaceActivation } from './activation';
${[...linesOf('import type', types), ...linesOf('import', functions)].join('\n')}
import { passOn } from './recycling';

${[...classes, passingOn(rows)].join('\n\n')}
`;
}

/** The text of src/nn/dropouts.ts, from the rows of `Dropouts` in src/nn/dropout.ts. */
export function dropoutsText(sources, declared) {
  const functions = new Map();
  const rows = rowsOf('Dropouts', sources, declared);
  for (const { called } of rows) note(called, declared, functions);
  const classes = rows.map((row) => classText(row, 'DropoutLayer', [forward(row, ', ...this.settings')], rows));
  return `${origin('Dropouts')}

import type { Tensor } from '../tensor/tensor';
import { DropoutLayer } from './dropout';
${linesOf('import', functions).join('\n')}
import { passOn } from './recycling';

${[...classes, passingOn(rows)].join('\n\n')}
`;
}

const origin = (rows) => `// Written by kernel-setup/setup/generate/activations.mjs from the rows of ${rows}.`;

/** The rows whose function is declared; the compiler reports the others. */
function rowsOf(table, sources, declared) {
  const docs = new Map(documented(sources).map(({ node, doc }) => [node.id?.name, doc]));
  return membersOf(table, declared)
    .map((row) => ({ ...row, called: functionOf(row), docOfFunction: docs.get(functionOf(row)) }))
    .filter(({ called }) => declared.has(called));
}

const classText = (row, base, members, rows) =>
  `${docOf(row, rows)}\nexport class ${row.name} extends ${base} {\n  ${members.join('\n\n  ')}\n}`;

const methodText = (head, lines) => `${head} {\n    ${lines.join('\n    ')}\n  }`;

const forward = ({ called }, settings) =>
  methodText('forward(input: Tensor): Tensor', [`return ${called}(input${settings});`]);

const modes = methodText('get hasModes(): true', ['return true;']);

/** Checks an option that is one of several strings. */
const choiceCheck = (owner, name, type) =>
  isChoice(type) ? [`requireOneOf('${owner}', { ${name} }, [${type.replaceAll(' |', ',')}]);`] : [];
const isChoice = (type) => type.startsWith("'");

/** The module's settings as PyTorch prints them. With a tag `@prints nothing` or `@prints values` names are omitted. */
function printing({ doc }, own) {
  const [, printed] = doc.match(/@prints (\w+)/) ?? [];
  const settings = own.map(({ name, type }) => {
    const value = isChoice(type) ? `'\${this.${name}}'` : `\${floatRepr(this.${name})}`;
    return `\`${printed === 'values' ? '' : `${name}=`}${value}\``;
  });
  const body = printed === 'nothing' ? "return '';" : `return this.printed(${settings.join(', ')});`;
  return printed === 'nothing' || own.length > 0 ? [methodText('override extraRepr(): string', [body])] : [];
}

const passingOn = (rows) =>
  `passOn(${rows.flatMap(({ name, doc }) => (doc.includes('@passesOn') ? [name] : [])).join(', ')});`;

/** The row's own documentation or else that of its function, with PyTorch's name of the module, and the row's example. */
function docOf({ name, doc, docOfFunction }, rows) {
  const links = new Map(rows.map((row) => [row.called, row.name]));
  const text =
    plainDoc(doc) ||
    plainDoc(docOfFunction)
      .replace(/`torch\.nn\.functional\.\w+`/, `\`torch.nn.${name}\``)
      .replaceAll(/\{@link (\w+)\}/g, (link, to) => (links.has(to) ? `{@link ${links.get(to)}}` : link));
  const [, example] = contentOf(doc).split('@example');
  return commented(example === undefined ? text : `${text}\n\n@example${example}`);
}

const contentOf = (doc) =>
  doc
    .replace(/^\/\*\*|\*\/$/g, '')
    .replaceAll(/^ *\* ?/gm, '')
    .trim();

const plainDoc = (doc) =>
  contentOf(doc)
    .split(/(?<=^|\s)@(?:throws|example|prints|passesOn)/)[0]
    .trim();

const commented = (text) =>
  text.includes('\n')
    ? `/**\n${text
        .split('\n')
        .map((line) => (line === '' ? ' *' : ` * ${line}`))
        .join('\n')}\n */`
    : `/** ${text} */`;
