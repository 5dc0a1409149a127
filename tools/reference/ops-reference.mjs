// The text of docs/ops.md: the declarations of every operation, with its rule in the op table.
import { hasFamily } from './families.mjs';
import { withoutLinks } from './links.mjs';

/**
 * @param {ReturnType<import('./api.mjs').readApi>} api
 * @param {Map<string, { rule: { torch: { name: string } } }>} opTable
 * @returns {string}
 */
export function opsReference(api, opTable) {
  const methods = api.entries.filter(({ kind }) => kind === 'method');
  const names = new Set(methods.map(({ path }) => path[0]));
  const functions = new Map(api.entries.filter(isTopLevel).map((entry) => [entry.path[0], entry]));
  const documented = methods.filter((entry) => entry.torch.length > 0);
  const families = groupBy(documented, ({ family }) => (family.name === 'Tensor' ? 'A tensor.' : family.doc));
  const rules = rulesByTorchName(opTable);
  const describe = (entry) => operation(entry, { functions, names, rules, opTable });
  const asMethods = new Set(documented.map(({ path }) => path[0]));
  const alone = [...functions.values()].filter(
    ({ path, torch }) => !asMethods.has(path[0]) && torch.length > 0 && !hasFamily(path[0]),
  );
  return `${[
    '# Operations',
    '',
    '<!-- Written by scripts/generate-docs.mjs from the declarations and the op table; run `npm run generate`. -->',
    '',
    'Every operation with its formula and its derivative: $\\bar y$ is the gradient of the result, $\\bar x$ the one',
    'passed on to the input. All formulas are beside the code in `src/ops/`, where tests check them numerically.',
    'How much of PyTorch this is: [pytorch.md](pytorch.md).',
    '',
    ...[...families].flatMap(([title, entries]) => [`## ${heading(title)}`, '', ...entries.flatMap(describe)]),
    '## Functions that are not methods',
    '',
    ...alone.flatMap(describe),
    ...namespaces(api, describe, (entry) => formulasOf(entry, rules, opTable).length > 0),
  ]
    .join('\n')
    .trimEnd()}\n`;
}

const isTopLevel = ({ kind, path }) => kind === 'function' && path.length === 1;
const heading = (doc) =>
  withoutLinks(doc)
    .split('\n')[0]
    .split(/[.;:](?:\s|$)/)[0];

function groupBy(items, key) {
  const groups = new Map();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

function rulesByTorchName(opTable) {
  return groupBy([...opTable.values()], ({ rule }) => rule.torch.name);
}

/** One operation: its signature, its description, its formula and gradients. */
function operation(entry, { functions, names, rules, opTable }) {
  const name = entry.path[entry.path.length - 1];
  const isMethod = entry.kind === 'method';
  const calls = entry.signatures.map((signature) => `\`${isMethod ? 'x.' : ''}${call(entry, signature)}\``);
  if (isMethod && functions.has(name)) calls.push(`\`${name}(…)\``);
  if (isMethod && names.has(`${name}_`)) calls.push(`in place \`${name}_\``);
  const torch = entry.torch.map((t) => `torch.${t}`).join(', ');
  const formulas = formulasOf(entry, rules, opTable);
  return [
    `**${name}** · ${calls.join(' · ')} · *${torch}*  `,
    [sentence(entry.doc), ...formulas].filter(Boolean).join('  \n'),
    '',
  ];
}

function call({ kind, path }, { params, options }) {
  const shown = params.map(({ name, optional, rest }) => (rest ? `...${name}` : optional ? `${name}?` : name));
  if (options.length > 0) shown.push(`{ ${options.map(({ name }) => name).join(', ')} }`);
  return `${kind === 'method' ? path[0] : path.join('.')}(${shown.join(', ')})`;
}

/** Returns the documentation in one line, without PyTorch's name, which is above it. */
const sentence = (doc) =>
  withoutLinks(doc.replace(/\s?\((?:`torch\.[\w.]+`(?:, )?)+\)/g, ''))
    .replace(/\n\n[\s\S]*$/, '')
    .replaceAll('\n', ' ');

/** The formulas of an operation with those of its gradients. */
function formulasOf(entry, rules, opTable) {
  const own = opTable.get(entry.path[entry.path.length - 1]);
  return (own === undefined ? (rules.get(entry.torch[0]?.split('.').pop()) ?? []) : [own]).map(formula);
}

function formula({ rule }) {
  const gradients = Object.entries(rule.vjpMath).map(([input, math]) => `$\\bar ${input} = ${math}$`);
  return [`$${rule.math}$`, ...gradients].join(', ');
}

/** The namespaces that have operations with formulas, each sorted by name; pages of docs/reference have the others. */
function namespaces(api, describe, hasFormula) {
  const groups = groupBy(
    api.entries.filter(({ kind, path, torch }) => kind === 'function' && path.length > 1 && torch.length > 0),
    ({ path }) => path.slice(0, -1).join('.'),
  );
  const byName = (a, b) => a.path.at(-1).localeCompare(b.path.at(-1), 'en');
  return [...groups]
    .filter(([, entries]) => entries.some(hasFormula))
    .flatMap(([name, entries]) => [`## ${name}`, '', ...entries.sort(byName).flatMap(describe)]);
}
