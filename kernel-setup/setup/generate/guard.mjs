// Inserts argument checks into the public functions, classes and methods of the library. They follow from the contracts
// that contracts.mjs writes, so the sources have none.
import path from 'node:path';
import { readIfThere } from '../files.mjs';

/** The checks and what they need, by their names in inserted code, with their files in src/. */
const checks = {
  $refuseSurplus: ['refuseSurplus', 'surplus'],
  $checkOptions: ['checkOptions', 'options'],
  $requireTensor: ['requireTensor', 'tensor/require'],
  $Tensor: ['Tensor', 'tensor/tensor'],
  $requireTensorList: ['requireTensorList', 'tensor/require'],
};

/**
 * A plugin of rolldown and of vitest that inserts the checks.
 * @param {ReturnType<typeof import('../paths.mjs').projectPaths>} paths
 * @param {(file: string, code: string) => { program: any }} [parse] parses TypeScript; without it, the bundler does
 */
export function guards(paths, parse) {
  let contracts;
  return {
    name: 'guards',
    enforce: 'pre',
    buildStart: () => {
      contracts = undefined;
    },
    transform(code, id) {
      const [file] = id.split('?');
      if (!file.startsWith(paths.sources + path.sep) || !file.endsWith('.ts')) return undefined;
      contracts ??= JSON.parse(readIfThere(path.join(paths.sources, 'contracts.json')) ?? '{}');
      const from = path.relative(paths.sources, file).replaceAll(path.sep, '/').slice(0, -'.ts'.length);
      if (contracts[from] === undefined) return undefined;
      const program = parse ? parse(file, code).program : this.parse(code, { lang: 'ts' });
      return { code: guarded(code, program, from, contracts[from]), map: null };
    },
  };
}

/** The text of a source with its checks. They are inserted within lines, so that stack traces need no other map. */
export function guarded(code, program, from, contracts) {
  const used = new Set();
  const inserted = [];
  for (const statement of program.body) {
    const node = statement.declaration ?? statement;
    const added = node.declarations?.find(({ id }) => id.name === 'methods');
    if (added !== undefined && contracts.methods !== undefined)
      guardAdded(added.init, contracts.methods, inserted, used);
    const contract = contracts[node.id?.name];
    if (contract === undefined || !node.body) continue;
    if (contract.isClass) guardClass(node, contract, inserted, used);
    else if (node.type === 'FunctionDeclaration')
      inserted.push([node.body.start + 1, checksOf(contract, JSON.stringify(contract.called), used)]);
  }
  let result = code;
  for (const [at, text] of inserted.sort(([a], [b]) => b - a)) result = result.slice(0, at) + text + result.slice(at);
  return `${result}${importsOf(used, from)}`;
}

function guardClass({ id, body: { body } }, contract, inserted, used) {
  for (const { type, kind, key, value, static: isStatic } of body) {
    if (type !== 'MethodDefinition' || !value.body) continue;
    if (kind === 'constructor') inserted.push([value.body.start + 1, checksOf(contract, 'new.target.name', used)]);
    const method = kind === 'method' ? contract.methods?.[key.name] : undefined;
    if (method === undefined) continue;
    const called = JSON.stringify(key.name);
    const who =
      id.name === 'Tensor' || isStatic
        ? called
        : key.name === 'forward'
          ? 'this.constructor.name'
          : `\`\${this.constructor.name}.${key.name}\``;
    const ofTensor = id.name === 'Tensor';
    inserted.push([value.body.start + 1, checksOf(method, key.name === 'forward' ? who : called, used, who, ofTensor)]);
  }
}

/** Methods of an object that are added to a class. */
function guardAdded({ properties }, { of, methods }, inserted, used) {
  for (const { key, value } of properties) {
    const called = JSON.stringify(key.name);
    const ofTensor = of === 'Tensor';
    const who = ofTensor ? called : JSON.stringify(`${of}.${key.name}`);
    inserted.push([value.body.start + 1, checksOf(methods[key.name], called, used, who, ofTensor)]);
  }
}

function checksOf({ most, tensors = {}, list, options }, called, used, who = called, ofTensor = false) {
  const call = (check, ...args) => used.add(check) && `${check}(${args.join(',')});`;
  const parts = list ? [call('$requireTensorList', called, list)] : [];
  if (most !== undefined)
    parts.push(
      `if(arguments.length>${most})${call('$refuseSurplus', who, 'arguments', most, ...(ofTensor ? ['true'] : []))}`,
    );
  for (const [name, shown] of Object.entries(tensors)) {
    const check = call('$requireTensor', called, name, ...(shown === 'the input' ? [] : [JSON.stringify(shown)]));
    // Most calls read no name of a class.
    if (called.startsWith('this.') && used.add('$Tensor')) parts.push(`${name} instanceof $Tensor||${check}`);
    else parts.push(check);
  }
  if (options) {
    used.add(`names.${options.list}`);
    const given = options.isRequired ? `${options.name}??null` : options.name;
    parts.push(call('$checkOptions', called, given, `$${options.list}`));
  }
  return parts.join('');
}

/** Imports at the end of the file, which the compiler moves to its top. */
function importsOf(used, from) {
  const to = (file) => JSON.stringify(`${'../'.repeat(from.split('/').length - 1) || './'}${file}`);
  return [...used]
    .map((name) => {
      if (name.startsWith('names.')) return `import{${name.slice(6)} as $${name.slice(6)}}from${to('option-names')};`;
      const [check, file] = checks[name];
      return `import{${check} as ${name}}from${to(file)};`;
    })
    .join('');
}
