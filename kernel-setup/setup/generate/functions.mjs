// From the declarations of tensors' methods: the functions, and how many arguments methods take.
import { linesOf, membersOf, noteTypes } from './declarations.mjs';
import { isOptions } from './options.mjs';

/** Functions of two operands, the first of which may be a number as well, as in PyTorch. */
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
 * The text of src/ops/functions.ts: for every method that PyTorch also has as a function, the function, with the method's
 * documentation, which says so: `torch.exp` names a function, `torch.Tensor.view` a method only.
 */
export function functionsText(sources, declared) {
  const imported = new Map();
  /** What the signatures of functions and methods mention, directly or not: whoever calls one can name it. */
  const mentioned = new Map();
  const functions = [];
  const holders = [];

  // Families of methods, which a file adds to Tensor: `declare module '…/tensor' { interface Tensor extends Views {} }`.
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
  // Families of functions that need no method: `const joining: Joining = defineFunctions<Joining>(…)`.
  for (const { from, text } of sources)
    for (const [, holder, family] of text.matchAll(/const (\w+)[^=\n]* =\s+defineFunctions<(\w+)>/g)) {
      const open = membersOf(family, declared).filter(({ doc }) => /`torch\.\w+`/.test(doc));
      if (open.length > 0) holders.push(`import { ${holder} } from '${from}';`);
      for (const { name, doc, member, textOf } of open) {
        const head = `export function ${name}(${parameters({ member, textOf }).join(', ')})${textOf(member.returnType)}`;
        const body = `${counted(name, member.params)}  return ${holder}.${name}(${passed(member)});`;
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
    // From JavaScript, or past the compiler, something else may arrive.
    const checked = numberFirst.has(name)
      ? `firstOperand('${name}', input, ${nameOf(member.params[0])})`
      : `asTensor('${name}', input)`;
    const body = `${counted(name, member.params, 1)}  return ${checked}.${name}(${passed(member)});`;
    return `${doc}\n${heads[0]} {\n${body}\n}`;
  }

  /** The parameters of a signature, noting the types to import. */
  function parameters({ member, textOf }) {
    noteTypes(member, declared, imported);
    noteTypes(member, declared, mentioned, true);
    return member.params.map(textOf);
  }

  return `// Written by kernel-setup/setup/generate/functions.mjs from the methods' declarations.

import type { Tensor } from '../tensor/tensor';
import { asTensor, callMethod, firstOperand } from './table/as-tensor';
import { refuseSurplus } from '../surplus';
${[...linesOf('import type', imported), ...holders].join('\n')}

${linesOf('export type', mentioned).join('\n')}

${functions
  .sort((a, b) => (a.name < b.name ? -1 : 1))
  .map(exported)
  .join('\n\n')}
`;
}

/** The families that a statement adds to Tensor, if it does. */
const addedToTensor = ({ type, body }) =>
  type === 'TSModuleDeclaration'
    ? body.body.flatMap((added) => added.extends.map(({ expression }) => expression.name))
    : [];

const isRest = ({ type }) => type === 'RestElement';
const nameOf = (parameter) => (isRest(parameter) ? parameter.argument.name : parameter.name);

/** The arguments that hand a signature's parameters on. */
const passed = ({ params }) => params.map((p) => `${isRest(p) ? '...' : ''}${nameOf(p)}`).join(', ');

/** The line that refuses more arguments than a function takes: its parameters, and `before` them others. */
function counted(name, params, before = 0) {
  if (params.some(isRest)) return '';
  const most = before + params.length;
  return `  if (arguments.length > ${most}) refuseSurplus('${name}', arguments, ${most});\n`;
}

/** A name that JavaScript keeps for itself, such as `var`, cannot be declared, but it can be exported. */
function exported({ name, text }) {
  if (name !== 'var') return text;
  return `${text.replaceAll(`export function ${name}(`, `function ${name}_(`)}\nexport { ${name}_ as ${name} };`;
}

/**
 * The text of src/ops/table/arities.ts: how many arguments the methods take that have no rule to tell it, for they are written in terms
 * of others, `defineComposites<Bits>(…)`.
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

import * as names from '../../option-names';

/** How many arguments a method takes that has no rule; one that takes any number is left out. */
export const arities: Readonly<Record<string, number>> = {
${[...arities]
  .filter(([, most]) => Number.isFinite(most))
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([name, most]) => `  ${name}: ${most},`)
  .join('\n')}
};

/** The parameters of methods that must be tensors, by their names; an empty one is something else. */
export const methodTensors: Readonly<Record<string, readonly string[]>> = {
${tensorsOfMethods(sources, declared).map(line).join('\n')}
};

/** The parameters of methods that must be numbers where they are given, by their names; an empty one may be something else. */
export const methodNumbers: Readonly<Record<string, readonly string[]>> = {
${numbersOfMethods(sources, declared).map(line).join('\n')}
};

/** The names of the options of the methods that take some, as their last argument. */
export const methodOptions: Readonly<Record<string, readonly string[]>> = {
${[...optionsOfMethods(sources, declared)].map(([name, type]) => `  ${name}: names.${type},`).join('\n')}
};
`;
}

/** The type of the options of each method that takes some, but for those that only the library calls, which hand plans on. */
function optionsOfMethods(sources, declared) {
  const types = new Map();
  for (const family of sources.flatMap(({ statements }) => statements.flatMap(addedToTensor)))
    for (const { name, member, doc } of membersOf(family, declared)) {
      const type = member.params?.at(-1)?.typeAnnotation?.typeAnnotation.typeName?.name ?? '';
      if (member.type === 'TSMethodSignature' && isOptions(type) && !doc.includes('@internal')) types.set(name, type);
    }
  return [...types].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** For methods that have one signature and tensors among its parameters: their names, and nothing for the others. */
const tensorsOfMethods = (sources, declared) =>
  parametersOfMethods(
    sources,
    declared,
    ({ optional, typeAnnotation: type }, textOf) => !optional && type && textOf(type) === ': Tensor',
  );

/** The same for those that take numbers alone. */
const numbersOfMethods = (sources, declared) =>
  parametersOfMethods(
    sources,
    declared,
    ({ typeAnnotation: type }, textOf) => type && /^: number( \| (null|boolean))*$/.test(textOf(type)),
  );

/** For methods that have one signature: the names of the parameters that are such, and nothing for the others. */
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

const line = ([name, params]) => `  ${name}: [${params.map((param) => `'${param}'`).join(', ')}],`;
