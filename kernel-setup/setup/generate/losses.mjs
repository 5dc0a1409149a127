// Generates loss modules from the rows of `Losses` in src/nn/loss.ts, each of which names a function of nn.functional.
import { linesOf, membersOf, note, noteTypes } from './declarations.mjs';

/** The text of src/nn/losses.ts: a class for each row, with the function's options as properties. */
export function lossesText(_, declared) {
  const [types, functions] = [new Map(), new Map()];
  const rows = membersOf('Losses', declared).map((row) => ({ ...row, called: functionOf(row) }));
  // A row with an unknown function is left to the compiler, whose message is better.
  const classes = rows
    .filter(({ called }) => isLoss(declared.get(called)))
    .map(({ name, doc, called }) => {
      const { node, textOf } = declared.get(called);
      const inputs = node.params.slice(0, -1);
      const taken = inputs.map(textOf).join(', ');
      const options = optionsTaken(optionsIn(declared.get(called)), declared);
      note(called, declared, functions);
      note(options.name, declared, types);
      for (const input of inputs) noteTypes(input, declared, types);

      const defaults = defaultsIn(node.body, textOf);
      const properties = propertiesFor(options.name, declared).map((one) => ({
        ...one,
        usual: defaults.get(one.name),
      }));
      const usual = ["reduction: 'mean'", ...properties.map((one) => `${one.name}: ${one.usual}`)].join(', ');
      const declarations = properties.map(({ name, doc, type, isTensor }) =>
        isTensor ? `${doc}\n  ${name}: Buffer | null;` : `${doc}\n  readonly ${name}: ${type};`,
      );
      const assignments = properties.map(({ name, isTensor, usual }) =>
        isTensor ? `this.${name} = asBuffer(options.${name});` : `this.${name} = options.${name} ?? ${usual};`,
      );
      return `${doc.replace(/^\/\*\* /, '/**\n * ').replace(/\s*\*\/$/, '')}
 * @throws {ValueError} for an unknown reduction.
 */
export class ${name} extends Loss<[${taken}]> {
  ${[...declarations, `/** Options that are not given are \`{ ${usual} }\`. */`].join('\n\n  ')}
  constructor(options: ${options.type} = {}) {
    ${['super(options);', ...assignments].join('\n    ')}
  }

  forward(${taken}): Tensor {
    return ${called}(${[...inputs.map((input) => input.name), 'this'].join(', ')});
  }
}`;
    });
  return `// Written by kernel-setup/setup/generate/losses.mjs from the rows of Losses.

import type { Tensor } from '../tensor/tensor';
${[...linesOf('import type', types), ...linesOf('import', functions)].join('\n')}
import { Loss } from './loss';
import { asBuffer, type Buffer } from './parameter';

${classes.join('\n\n')}
`;
}

/** The function of a row, `MSELoss: typeof mseLoss`. */
export const functionOf = ({ member }) => member.typeAnnotation.typeAnnotation.exprName?.name;

/** Whether it is a function `f(…inputs, options: Options = {})`. */
const isLoss = (declaration) => declaration?.node.params?.at(-1)?.left?.typeAnnotation !== undefined;

/** The options type of a function `f(…inputs, options: Options = {})`. */
export const optionsIn = ({ node }) => node.params.at(-1).left?.typeAnnotation?.typeAnnotation.typeName?.name;

const parentsOf = (name, declared) => declared.get(name).node.extends.map(({ expression }) => expression.name);

/** The function's options that the module has too, except weights for the elements of one input. */
function optionsTaken(name, declared) {
  if (name === 'WeightedLossOptions') return { name: 'LossOptions', type: 'LossOptions' };
  const isWeighted = parentsOf(name, declared).includes('WeightedLossOptions');
  return { name, type: isWeighted ? `Omit<${name}, 'weight'>` : name };
}

/** Properties for the options, inherited ones first. Those that all losses share are in the base class. */
export function propertiesFor(options, declared) {
  if (declared.get(options).from === './reduction') return [];
  const own = membersOf(options, declared).map(({ name, doc, member, textOf }) => {
    const type = textOf(member.typeAnnotation.typeAnnotation);
    return { name, doc, type, isTensor: /\bTensor\b/.test(type) };
  });
  return [...parentsOf(options, declared).flatMap((parent) => propertiesFor(parent, declared)), ...own];
}

/** Default values of the function's options: `const { margin = 1 } = options`. */
export function defaultsIn(body, textOf) {
  const taken = body.body
    .flatMap(({ declarations = [] }) => declarations)
    .filter(({ id, init }) => id.type === 'ObjectPattern' && init?.name === 'options');
  const given = taken.flatMap(({ id }) => id.properties).filter(({ value }) => value.type === 'AssignmentPattern');
  return new Map(given.map(({ key, value }) => [key.name, textOf(value.right)]));
}
