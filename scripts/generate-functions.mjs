// Writes src/ops/functions.ts: for every method that PyTorch also has as a function, the function, with the method's
// documentation. A method's TSDoc says which: `torch.exp` names a function, `torch.Tensor.view` a method only. And
// src/ops/table/arities.ts: how many arguments the methods take that have no rule to tell it.
//
//   node scripts/generate-functions.mjs          write the files
//   node scripts/generate-functions.mjs --print  print the first instead (a test compares); --arities: the second
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ops = join(dirname(fileURLToPath(import.meta.url)), '..', 'src', 'ops');
const files = readdirSync(ops, { recursive: true, encoding: 'utf8' })
  .map((f) => f.replaceAll(sep, '/'))
  .filter((f) => f.endsWith('.ts') && f !== 'functions.ts' && f !== 'table/arities.ts')
  .sort();
const sources = files.map((f) =>
  ts.createSourceFile(f, readFileSync(join(ops, f), 'utf8'), ts.ScriptTarget.ES2022, true),
);

/** Types by name, with their declarations. */
const types = new Map();
const interfaces = new Map();
for (const source of sources)
  for (const node of source.statements) {
    if (!ts.isInterfaceDeclaration(node) && !ts.isTypeAliasDeclaration(node)) continue;
    types.set(node.name.text, node);
    if (ts.isInterfaceDeclaration(node)) interfaces.set(node.name.text, node);
  }

/** Families of functions, which need no method: `const joining = defineFunctions<Joining>(…)`. */
const functionFamilies = sources.flatMap((source) =>
  [...source.text.matchAll(/const (\w+): \w+ = defineFunctions<(\w+)>/g)].map(([, holder, family]) => ({
    holder,
    file: source.fileName.replace(/\.ts$/, ''),
    family: interfaces.get(family),
  })),
);
/** Families of methods, which a file adds to Tensor: `declare module '…/tensor' { interface Tensor extends Views {} }`. */
const families = sources.flatMap((source) =>
  source.statements
    .filter((node) => ts.isModuleDeclaration(node))
    .flatMap(({ body }) => body.statements.flatMap(({ heritageClauses }) => heritageClauses[0].types))
    .map((type) => interfaces.get(type.expression.text)),
);
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

const imports = new Map();
/** What the signatures of functions and methods mention, directly or not: whoever calls one can name it. */
const mentioned = new Map();
const functions = [];
let overloads = false;

for (const family of families) {
  const byName = new Map();
  for (const member of family.members) {
    if (!docOf(member).includes('@internal')) note(member, mentioned);
    if (!ts.isMethodSignature(member)) continue;
    const name = member.name.text;
    byName.set(name, [...(byName.get(name) ?? []), member]);
  }
  for (const [name, signatures] of byName) {
    const doc = docOf(signatures[0]);
    if (doc === '' || doc.includes('@internal') || !/`torch\.(?!Tensor\.)\w/.test(doc)) continue;
    functions.push({ name, text: write(name, doc, signatures) });
  }
}

const holders = [];
for (const { holder, file, family } of functionFamilies) {
  const open = family.members.filter((member) => !docOf(member).includes('@internal'));
  if (open.length > 0) holders.push(`import { ${holder} } from './${file}';`);
  for (const member of open) {
    const name = member.name.text;
    const head = `export function ${name}(${parameters(member).join(', ')}): ${member.type.getText()}`;
    const body = `${counted(name, member.parameters)}  return ${holder}.${name}(${passed(member)});`;
    functions.push({ name, text: `${docOf(member)}\n${head} {\n${body}\n}` });
  }
}

function docOf(node) {
  const text = node.getSourceFile().text;
  const ranges = ts.getLeadingCommentRanges(text, node.pos) ?? [];
  const last = ranges.filter((r) => text.startsWith('/**', r.pos)).pop();
  return last === undefined ? '' : text.slice(last.pos, last.end).replace(/\n {2}/g, '\n');
}

/** The parameters of a signature, noting the types to import. */
function parameters(signature) {
  note(signature, imports);
  note(signature, mentioned);
  return signature.parameters.map((p) => p.getText());
}

/** Notes the types that stand in a declaration; among `mentioned` also those that stand in theirs. */
function note(node, noted) {
  const declared = ts.isTypeReferenceNode(node) ? types.get(node.typeName.getText()) : undefined;
  if (declared !== undefined) {
    const name = declared.name.text;
    const file = declared.getSourceFile().fileName.replace(/\.ts$/, '');
    const names = noted.get(file) ?? new Set();
    noted.set(file, names);
    if (!names.has(name)) {
      names.add(name);
      if (noted === mentioned) note(declared, noted);
    }
  }
  node.forEachChild((child) => note(child, noted));
}

/** The arguments that hand a signature's parameters on. */
function passed(signature) {
  return signature.parameters.map((p) => (p.dotDotDotToken ? `...${p.name.text}` : p.name.text)).join(', ');
}

function takesAnyNumber(params) {
  return params.some((p) => p.dotDotDotToken !== undefined);
}

/** The line that refuses more arguments than a function takes: its parameters, and `before` them others. */
function counted(name, params, before = 0) {
  if (takesAnyNumber(params)) return '';
  const most = before + params.length;
  return `  if (arguments.length > ${most}) refuseSurplus('${name}', arguments, ${most});\n`;
}

function write(name, doc, signatures) {
  const input = numberFirst.has(name) ? 'input: Tensor | number' : 'input: Tensor';
  const heads = signatures.map(
    (s) => `export function ${name}(${[input, ...parameters(s)].join(', ')}): ${s.type.getText()}`,
  );
  // From JavaScript, or past the compiler, something else may arrive.
  const method = numberFirst.has(name)
    ? `firstOperand('${name}', input, ${signatures[0].parameters[0].name.text}).${name}`
    : `asTensor('${name}', input).${name}`;
  if (signatures.length === 1) {
    const [only] = signatures;
    return `${doc}\n${heads[0]} {\n${counted(name, only.parameters, 1)}  return ${method}(${passed(only)});\n}`;
  }
  const result = [...new Set(signatures.map((s) => s.type.getText()))].join(' | ');
  overloads = true;
  return [
    doc,
    ...heads.map((h) => `${h};`),
    `export function ${name}(input: Tensor, ...rest: unknown[]): ${result} {`,
    `  return callMethod('${name}', input, rest);`,
    '}',
  ].join('\n');
}

/** A name that JavaScript keeps for itself, such as `var`, cannot be declared, but it can be exported. */
function exportedAs({ name, text }) {
  if (name !== 'var') return text;
  return `${text.replaceAll(`export function ${name}(`, `function ${name}_(`)}\nexport { ${name}_ as ${name} };`;
}

functions.sort((a, b) => (a.name < b.name ? -1 : 1));
const lines = (keyword, noted) =>
  [...noted]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, names]) => `${keyword} type { ${[...names].sort().join(', ')} } from './${file}';`);
/** Methods that are written in terms of others: `defineComposites<Bits>(…)`. */
const composites = sources.flatMap((source) =>
  [...source.text.matchAll(/defineComposites<(?:Omit<)?(\w+)/g)].map(([, family]) => interfaces.get(family)),
);
const arities = new Map();
for (const { members } of composites.filter(Boolean))
  for (const member of members.filter((m) => ts.isMethodSignature(m) && ts.isIdentifier(m.name))) {
    const { parameters, name } = member;
    const most = takesAnyNumber(parameters) ? Number.POSITIVE_INFINITY : parameters.length;
    arities.set(name.text, Math.max(most, arities.get(name.text) ?? 0));
  }
const aritiesText = `// Written by scripts/generate-functions.mjs; run \`npm run generate\` after changing a method's declaration.

/** How many arguments a method takes that has no rule; one that takes any number is left out. */
export const arities: Readonly<Record<string, number>> = {
${[...arities]
  .filter(([, most]) => Number.isFinite(most))
  .sort()
  .map(([name, most]) => `  ${name}: ${most},`)
  .join('\n')}
};
`;
const text = `// Written by scripts/generate-functions.mjs from the methods' declarations; run \`npm run generate\` after changing them.
// biome-ignore-all lint/complexity/noArguments: to count them costs nothing, where rest parameters cost as much as a small operation.

import type { Tensor } from '../tensor/tensor';
import { asTensor${overloads ? ', callMethod' : ''}, firstOperand } from './table/as-tensor';
import { refuseSurplus } from './table/surplus';
${[...lines('import', imports), ...holders].join('\n')}

${lines('export', mentioned).join('\n')}

${functions.map(exportedAs).join('\n\n')}
`;

if (process.argv.includes('--print')) process.stdout.write(text);
else if (process.argv.includes('--arities')) process.stdout.write(aritiesText);
else {
  writeFileSync(join(ops, 'functions.ts'), text);
  writeFileSync(join(ops, 'table', 'arities.ts'), aritiesText);
}
