// Generates functions from the declarations of tensor methods, and the methods' argument counts.
import { linesOf, membersOf, noteTypes } from './declarations.mjs';
import { isOptions } from './options.mjs';

/** Functions of two operands whose first may be a number too, as in PyTorch. */
const numberFirst = new Set([
  'add',
  'sub',
  'mul',
  'div',
  'trueDivide',
  'floorDivide',
  'remainder',
  'pow',
  'floatPower',
  'xlogy',
  'bitwiseAnd',
  'bitwiseOr',
  'bitwiseXor',
  'bitwiseLeftShift',
  'bitwiseRightShift',
]);

/**
 * The text of src/ops/functions.ts: a function for every method that PyTorch also has as a function, with the method's
 * documentation. A mention of `torch.exp` marks a function, `torch.Tensor.view` a method only.
 */
export function functionsText(sources, declared) {
  const imported = new Map();
  /** Types used in signatures, directly or not. They are exported, so that callers can name them. */
  const mentioned = new Map();
  const functions = [];
  const holders = [];

  // Interfaces that a file adds to Tensor: `declare module '…/tensor' { interface Tensor extends Views {} }`.
  for (const family of sources.flatMap(({ statements }) => statements.flatMap(addedToTensor))) {
    const byName = new Map();
    for (const each of membersOf(family, declared)) {
      if (!each.doc.includes('@internal')) noteTypes(each.member, declared, mentioned, true);
      if (each.member.type === 'TSMethodSignature') byName.set(each.name, [...(byName.get(each.name) ?? []), each]);
    }
    for (const [name, signatures] of byName) {
      const [{ doc }] = signatures;
      if (doc.includes('@internal') || !/`torch\.(?!Tensor\.)\w/.test(doc)) continue;
      functions.push({ name, text: ofMethod(name, doc, signatures) });
    }
  }
  // Functions without a method: `const joining: Joining = defineFunctions<Joining>(…)`.
  for (const { from, text } of sources)
    for (const [, holder, family] of text.matchAll(/const (\w+)[^=\n]* =\s+defineFunctions<(\w+)>/g)) {
      const open = membersOf(family, declared).filter(({ doc }) => /`torch\.\w+`/.test(doc));
      if (open.length > 0) holders.push(`import { ${holder} } from '${from}';`);
      for (const { name, doc, member, textOf } of open) {
        const head = `export function ${name}(${parameters({ member, textOf }).join(', ')})${textOf(member.returnType)}`;
        const body = `  return ${holder}.${name}(${passed(member)});`;
        functions.push({ name, text: `${doc}\n${head} {\n${body}\n}` });
      }
    }

  /** A method as a function of the tensor and the method's arguments. */
  function ofMethod(name, doc, signatures) {
    const input = numberFirst.has(name) ? 'input: Tensor | number' : 'input: Tensor';
    const results = signatures.map(({ member, textOf }) => textOf(member.returnType));
    const heads = signatures.map(
      (each, i) => `export function ${name}(${[input, ...parameters(each)].join(', ')})${results[i]}`,
    );
    const [{ member }, ...overloads] = signatures;
    if (overloads.length > 0) {
      const result = [...new Set(results.map((type) => type.replace(/^: /, '')))].join(' | ');
      const head = `export function ${name}(input: Tensor, ...rest: unknown[]): ${result}`;
      return `${doc}\n${heads.join(';\n')};\n${head} {\n  return callMethod('${name}', input, rest);\n}`;
    }
    // JavaScript callers may pass any value.
    const checked = numberFirst.has(name)
      ? `firstOperand('${name}', input, ${nameOf(member.params[0])})`
      : `asTensor('${name}', input)`;
    const body = `  return ${checked}.${name}(${passed(member)});`;
    return `${doc}\n${heads[0]} {\n${body}\n}`;
  }

  /** The parameters of a signature; records the types to import. */
  function parameters({ member, textOf }) {
    noteTypes(member, declared, imported);
    noteTypes(member, declared, mentioned, true);
    return member.params.map(textOf);
  }

  return `// Written by kernel-setup/setup/generate/functions.mjs from the methods' declarations.

import type { Tensor } from '../tensor/tensor';
import { asTensor, callMethod, firstOperand } from './table/as-tensor';
${[...linesOf('import type', imported), ...holders].join('\n')}

${linesOf('export type', mentioned).join('\n')}

${functions
  .sort((a, b) => (a.name < b.name ? -1 : 1))
  .map(exported)
  .join('\n\n')}
`;
}

/** The interfaces that a statement adds to Tensor, if any. */
const addedToTensor = ({ type, body }) =>
  type === 'TSModuleDeclaration'
    ? body.body.flatMap((added) => added.extends.map(({ expression }) => expression.name))
    : [];

const isRest = ({ type }) => type === 'RestElement';
const nameOf = (parameter) => (isRest(parameter) ? parameter.argument.name : parameter.name);

/** The arguments that pass on a signature's parameters. */
const passed = ({ params }) => params.map((p) => `${isRest(p) ? '...' : ''}${nameOf(p)}`).join(', ');

/** A reserved word, such as `var`, cannot be declared, but it can be exported. */
function exported({ name, text }) {
  if (name !== 'var') return text;
  return `${text.replaceAll(`export function ${name}(`, `function ${name}_(`)}\nexport { ${name}_ as ${name} };`;
}

/**
 * The text of src/ops/table/arities.ts: argument counts of methods without a rule, which are composed of others,
 * `defineComposites<Bits>(…)`.
 */
export function aritiesText(sources, declared) {
  const arities = new Map();
  for (const { text } of sources)
    for (const [, family] of text.matchAll(/defineComposites<(?:Omit<)?(\w+)/g))
      for (const { name, member } of membersOf(family, declared))
        if (member.type === 'TSMethodSignature' && name !== undefined) {
          const most = member.params.some(isRest) ? Number.POSITIVE_INFINITY : member.params.length;
          arities.set(name, Math.max(most, arities.get(name) ?? 0));
        }
  return `// Written by kernel-setup/setup/generate/functions.mjs from the methods' declarations.

import { listsByName } from '../../option-kinds';
import * as names from '../../option-names';

/** Argument counts of methods without a rule. Variadic methods are omitted. */
export const arities: Readonly<Record<string, number>> = {
${[...arities]
  .filter(([, most]) => Number.isFinite(most))
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([name, most]) => `  ${name}: ${most},`)
  .join('\n')}
};

/** Parameters of methods that must be tensors, by name; an empty name is any other value. */
export const methodTensors: Readonly<Record<string, readonly string[]>> = /* @__PURE__ */ listsByName({
${grouped(tensorsOfMethods(sources, declared))}
});

/** Parameters of methods that must be numbers if given, by name; an empty name is any other value. */
export const methodNumbers: Readonly<Record<string, readonly string[]>> = /* @__PURE__ */ listsByName({
${grouped(numbersOfMethods(sources, declared))}
});

/** Option names of methods whose last argument is an options object. */
export const methodOptions: Readonly<Record<string, readonly string[]>> = {
${[...optionsOfMethods(sources, declared)].map(([name, type]) => `  ${name}: names.${type},`).join('\n')}
};
`;
}

/** The options type of each method that has one, except internal methods, which pass plans. */
function optionsOfMethods(sources, declared) {
  const types = new Map();
  for (const family of sources.flatMap(({ statements }) => statements.flatMap(addedToTensor)))
    for (const { name, member, doc } of membersOf(family, declared)) {
      const type = member.params?.at(-1)?.typeAnnotation?.typeAnnotation.typeName?.name ?? '';
      if (member.type === 'TSMethodSignature' && isOptions(type) && !doc.includes('@internal')) types.set(name, type);
    }
  return [...types].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Names of tensor parameters, for methods with one signature. */
const tensorsOfMethods = (sources, declared) =>
  parametersOfMethods(
    sources,
    declared,
    ({ optional, typeAnnotation: type }, textOf) => !optional && type && textOf(type) === ': Tensor',
  );

/** The same for parameters that are numbers. */
const numbersOfMethods = (sources, declared) =>
  parametersOfMethods(
    sources,
    declared,
    ({ typeAnnotation: type }, textOf) => type && /^: number( \| (null|boolean))*$/.test(textOf(type)),
  );

/** Names of the parameters that satisfy `isSuch`, for methods with one signature. */
function parametersOfMethods(sources, declared, isSuch) {
  const found = new Map();
  for (const family of sources.flatMap(({ statements }) => statements.flatMap(addedToTensor)))
    for (const { name, member, textOf } of membersOf(family, declared)) {
      if (member.type !== 'TSMethodSignature' || name === undefined) continue;
      const params = member.params.map((param) => (isSuch(param, textOf) ? param.name : ''));
      found.set(name, found.has(name) ? [] : params);
    }
  return [...found].filter(([, params]) => params.some((param) => param !== '')).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The format of `listsByName`: methods with the same parameters share a line. */
function grouped(methods) {
  const groups = new Map();
  for (const [name, params] of methods) groups.set(params.join(), [...(groups.get(params.join()) ?? []), name]);
  return [...groups].map(([params, names]) => `  '${params}': '${names.join(' ')}',`).join('\n');
}
