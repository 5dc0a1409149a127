// Generates functions and classes for one, two and three dimensions from generic ones: `maxPool` → `maxPool1d`,
// `maxPool2d`, `maxPool3d`.
import { documented, linesOf, note, noteTypes } from './declarations.mjs';
import { isOptions } from './options.mjs';

/** The documentation is for two dimensions. These words change for one and for three, in this order. */
const words = {
  1: {
    '2d': '1d',
    'K, L': 'K',
    'H, W': 'L',
    'last two dimensions': 'last dimension',
    'two dimensions': 'one dimension',
  },
  2: {},
  3: { '2d': '3d', 'K, L': 'K, L, M', 'H, W': 'D, H, W', 'two dimensions': 'three dimensions' },
};
const ranks = [1, 2, 3];

const adapted = (text, rank) =>
  Object.entries(words[rank]).reduce((found, [of2d, other]) => found.replaceAll(of2d, other), text);

const origin = '// Written by kernel-setup/setup/generate/dimensions.mjs from what is for any number of dimensions.';

/**
 * The text of src/nn/functional/dimensions.ts, from each function `f(op: string, rank: number, …)` whose documentation
 * has PyTorch's name for two dimensions.
 */
export function functionsForDimensions(sources, declared) {
  const [types, functions] = [new Map(), new Map()];
  const texts = documented(sources)
    .filter(({ node, doc }) => /`torch\.nn\.functional\.\w+2d`/.test(doc) && node.params?.[1]?.name === 'rank')
    .flatMap((found) => {
      note(found.node.id.name, declared, functions);
      return ranks.map((rank) => functionText(found, rank, declared, types));
    });
  const fromFunctional = (noted) =>
    new Map([...noted].map(([from, names]) => [`.${from}`.replace('../functional/', './'), names]));
  return `${origin}

import type { Tensor } from '../../tensor/tensor';
${[...linesOf('import type', fromFunctional(types)), ...linesOf('import', fromFunctional(functions))].join('\n')}

${texts.join('\n\n')}
`;
}

function functionText({ node, doc, textOf }, rank, declared, types) {
  const name = `${node.id.name}${rank}d`;
  const typeParameters = node.typeParameters ? textOf(node.typeParameters) : '';
  const params = node.params.slice(2).map(({ name, typeAnnotation: { typeAnnotation: type } }) => ({ name, type }));
  const options = params.find(({ type }) => isOptions(type.typeName?.name));
  const known = options && optionsFor(options.type.typeName.name, rank, declared);
  for (const { type } of params)
    noteTypes(type === options?.type ? { ...type, typeName: { name: known } } : type, declared, types);
  noteTypes(node.returnType, declared, types);

  const typed = ({ name, type }) => {
    if (name !== options?.name) return `${name}: ${textOf(type)}`;
    return `${name}: ${textOf(type).replace(options.type.typeName.name, known)} = {}`;
  };
  const head = (list) => `export function ${name}${typeParameters}(${list.join(', ')})${textOf(node.returnType)}`;
  // A parameter may be the options: such a function has two signatures, and checks the options itself.
  const either = params.find(({ type }) => type.types?.some((one) => one.typeName?.name === known));
  const before = params.filter((one) => one !== either && one !== options).map(typed);
  const others = either?.type.types
    .filter((one) => one.typeName?.name !== known && one.type !== 'TSUndefinedKeyword')
    .map(textOf)
    .join(' | ');
  const signatures = either
    ? [
        `${head([...before, `options?: ${known}`])};`,
        `${head([...before, `${either.name}: ${others}`, `options?: ${known}`])};`,
        `${head([...before, `${either.name}?: ${others} | ${known}`, `options?: ${known}`])} {`,
      ]
    : [`${head(params.map(typed))} {`];
  const call = `${node.id.name}(${[`'${name}'`, rank, ...params.map((one) => one.name)].join(', ')})`;
  return `${docOf(doc, node.id.name, rank, true)}\n${signatures.join('\n')}\n  return ${call};\n}`;
}

/** The options of a function for `rank` dimensions: those with that name, if they are declared. */
function optionsFor(name, rank, declared) {
  const own = name.replace('2d', `${rank}d`);
  return declared.has(own) ? own : name;
}

/**
 * The text of src/nn/dimensions.ts, from each abstract class whose documentation has PyTorch's name for two dimensions:
 * the classes differ only in their number of dimensions. With a tag `@passesOn` they pass memory on (recycling.ts).
 */
export function classesForDimensions(sources) {
  const bases = new Map();
  const texts = documented(sources)
    .filter(({ node, doc }) => node.type === 'ClassDeclaration' && node.abstract && /`torch\.nn\.\w+2d`/.test(doc))
    .map(({ node, from, doc, textOf }) => {
      const base = node.id.name;
      note(base, new Map([[base, { from }]]), bases);
      const [given, passed] = node.typeParameters
        ? [
            textOf(node.typeParameters),
            `<${node.typeParameters.params.map(({ name }) => name.name ?? name).join(', ')}>`,
          ]
        : ['', ''];
      const names = ranks.map((rank) => `${base}${rank}d`);
      const classes = ranks.map(
        (rank) => `${docOf(doc, base, rank)}\nexport class ${base}${rank}d${given} extends ${base}${passed} {}`,
      );
      const noted = [
        `inDimensions(${names.join(', ')});`,
        ...(/@passesOn/.test(doc) ? [`passOn(${names.join(', ')});`] : []),
      ];
      return [...classes, noted.join('\n')].join('\n\n');
    });
  return `${origin}

import { passOn } from './recycling';
import { inDimensions } from './spatial';
${linesOf('import', bases).join('\n')}

${texts.join('\n\n')}
`;
}

/**
 * The documentation of `name` for `rank` dimensions: an example is moved to the function that it mentions. A `short`
 * one has, for one and three dimensions, only its first sentence, up to PyTorch's name, and a link to the full one.
 */
function docOf(doc, name, rank, short = false) {
  const content = doc
    .replace(/^\/\*\*|\*\/$/g, '')
    .replaceAll(/^ *\* ?/gm, '')
    .trim();
  const [text, ...tags] = content.split(/(?<=^|\s)(?=@(?:throws|example|internal|passesOn))/);
  const [, first, rest] = text.match(/^([\s\S]*?`torch\.nn\.[\w.]+`\))([\s\S]*)$/);
  const isCut = short && rank !== 2 && !rest.startsWith('; see');
  const parts = [
    isCut ? `${adapted(first, rank)}; see {@link ${name}2d}.` : adapted(text, rank).trim(),
    ...tags.map((tag) => tag.trim()).filter((tag) => tag.startsWith('@throws')),
    ...tags
      .map((tag) => tag.trim())
      .filter((tag) => tag.startsWith('@example') && new RegExp(`\\b${name}${rank}d\\b`).test(tag))
      .map((tag) => `\n${tag}`),
  ];
  const lines = parts.join('\n').split('\n');
  return `/**\n${lines.map((line) => (line === '' ? ' *' : ` * ${line}`)).join('\n')}\n */`;
}
