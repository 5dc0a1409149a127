import { enableGrad, type Node, type RemovableHandle } from '../autograd';
import { describe } from '../describe';
import { escapeHtml, type MimeBundle, RichOutput } from '../display';
import { ValueError } from '../errors';
import { watchProducts } from '../inspection/watch-products';
import { zeros } from '../tensor/creation';
import { checkDtype, type Dtype, isFloat } from '../tensor/dtype';
import { formatShape, type Shape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import type { AnyModule } from './module';
import { isModule } from './module-tree';

/** Option of {@link summary}. */
export interface SummaryOptions {
  /** Dtype of the inputs made from shapes; default: that of the first floating-point parameter. */
  dtype?: Dtype;
}

/** One module in a {@link Summary}. */
export interface SummaryRow {
  /** The path, such as `'encoder.0'`; `''` is the whole network. */
  readonly path: string;
  /** The name of its class. */
  readonly kind: string;
  /** The shape of the output, `[5, 8]`; several are separated by commas; empty if the module was not called. */
  readonly output: string;
  /** How often it was called. */
  readonly calls: number;
  /** Elements of its own parameters, without those of inner modules and those counted in an earlier row. */
  readonly parameters: number;
  /** How many of them require a gradient. */
  readonly trainable: number;
  /** Multiplications, each with an addition, in its own matrix products and convolutions, of all its calls. */
  readonly multiplyAdds: number;
  /**
   * Numbers that the tape saves for its own operations, without parameters, buffers and numbers saved by an earlier
   * operation.
   */
  readonly kept: number;
}

/** A table of the modules in a network; shows as such in a notebook. */
export class Summary extends RichOutput {
  constructor(readonly rows: readonly SummaryRow[]) {
    super();
  }

  /** Elements of all parameters. */
  get parameters(): number {
    return this.total('parameters');
  }

  /** How many of them require a gradient. */
  get trainable(): number {
    return this.total('trainable');
  }

  /** Multiplications, each with an addition, in the matrix products and convolutions of a forward pass. */
  get multiplyAdds(): number {
    return this.total('multiplyAdds');
  }

  /** Numbers that the tape saves for the backward pass, apart from parameters and buffers. */
  get kept(): number {
    return this.total('kept');
  }

  private total(what: 'parameters' | 'trainable' | 'multiplyAdds' | 'kept'): number {
    return this.rows.reduce((sum, row) => sum + row[what], 0);
  }

  mimeBundle(): MimeBundle {
    const { parameters, trainable, multiplyAdds, kept } = this;
    const total =
      `${grouped(parameters)} parameters, ${grouped(trainable)} of them trained; ` +
      `${grouped(multiplyAdds)} multiply-adds, ${grouped(kept)} numbers kept for the way back`;
    const cells = this.rows.map(cellsOf);
    return { 'text/html': asHtml(cells, total), 'text/plain': asText(cells, total) };
  }
}

/**
 * A table of the modules in a network with the shapes of their outputs, the numbers of their parameters, the work of a
 * way forward and the memory for a way back. The network runs once, on zeros of a shape (or on tensors of your own), in
 * evaluation mode; nothing in it is changed.
 *
 * @example
 * const net = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU());
 * const { parameters, multiplyAdds, kept } = nn.summary(net, [5, 2]);
 * [parameters, multiplyAdds, kept] // [ 9, 30, 25 ]
 * @param inputShape the shape of the input with its batch, such as `[1, 28, 28]`; or a tensor; or a list of them for
 *   several inputs
 */
export function summary(
  net: AnyModule,
  inputShape: Shape | Tensor | readonly (Shape | Tensor)[],
  options: SummaryOptions = {},
): Summary {
  if (!isModule(net)) throw new ValueError(`summary: needs a module, got ${describe(net)}`);
  const dtype = options.dtype ?? net.parameters().find((p) => isFloat(p.dtype))?.dtype ?? 'float32';
  checkDtype('summary', dtype);
  const inputs = listed(inputShape).map((x) => (x instanceof Tensor ? x : zeros(x, { dtype })));
  const passages = run(net, inputs);
  const counted = new Set<Tensor>();
  const rows = net.namedModules().map(([path, module]): SummaryRow => {
    const own = module.parameters({ recurse: false }).filter((p) => !counted.has(p));
    for (const p of own) counted.add(p);
    const { outputs, multiplyAdds, kept } = passages.get(module)!;
    return {
      path,
      kind: module.constructor.name,
      output: outputs[0] ?? '',
      calls: outputs.length,
      parameters: own.reduce((sum, p) => sum + p.numel(), 0),
      trainable: own.reduce((sum, p) => sum + (p.requiresGrad ? p.numel() : 0), 0),
      multiplyAdds,
      kept,
    };
  });
  return new Summary(rows);
}

function listed(input: Shape | Tensor | readonly (Shape | Tensor)[]): readonly (Shape | Tensor)[] {
  if (input instanceof Tensor) return [input];
  if (!Array.isArray(input))
    throw new ValueError(`summary: the input is a shape, a tensor, or a list of them, got ${describe(input)}`);
  return input.every((n) => typeof n === 'number') ? [input as Shape] : (input as readonly (Shape | Tensor)[]);
}

/** Recordings of a module: the shapes of its outputs, and the cost of its own operations without inner modules. */
interface Passage {
  readonly outputs: string[];
  multiplyAdds: number;
  kept: number;
}

/** Runs the network with its tape, and records every module. */
function run(net: AnyModule, inputs: readonly Tensor[]): Map<AnyModule, Passage> {
  const modules = net.modules();
  const passages = new Map(modules.map((m): [AnyModule, Passage] => [m, { outputs: [], multiplyAdds: 0, kept: 0 }]));
  const memory = new Set<ArrayLike<number>>([...net.parameters(), ...net.buffers()].map(({ memory: data }) => data));
  const seen = new Set<Node>();
  /** The memory that the history of these tensors holds, except what was counted before. */
  const keptBehind = (given: unknown): number => {
    let sum = 0;
    const open = tensorsIn(given).map(({ gradFn }) => gradFn);
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (node === null || seen.has(node)) continue;
      seen.add(node);
      for (const kept of node.kept)
        if (!memory.has(kept)) {
          memory.add(kept);
          sum += kept.length;
        }
      open.push(...node.nextFunctions.map(([next]) => next));
    }
    return sum;
  };
  /** The modules that are being called, the innermost last. */
  const inside: Passage[] = [];
  const handles: RemovableHandle[] = [];
  const modes = modules.map((module) => module.training);
  try {
    for (const [module, passage] of passages)
      handles.push(
        module.registerForwardPreHook((_, args) => {
          const caller = inside.at(-1);
          if (caller !== undefined) caller.kept += keptBehind(args);
          inside.push(passage);
        }),
        module.registerForwardHook((_, __, output) => {
          inside.pop();
          passage.outputs.push(shapeOf(output));
          passage.kept += keptBehind(output);
        }),
      );
    net.eval();
    const count = (multiplications: number) => {
      inside.at(-1)!.multiplyAdds += multiplications;
    };
    watchProducts(count, () => enableGrad(() => net(...(inputs as never))));
  } finally {
    for (const handle of handles) handle.remove();
    modules.forEach((module, i) => {
      module.training = modes[i];
    });
  }
  return passages;
}

function tensorsIn(output: unknown): Tensor[] {
  if (output instanceof Tensor) return [output];
  if (typeof output !== 'object' || output === null) return [];
  return Object.values(output).flatMap(tensorsIn);
}

const shapeOf = (output: unknown) =>
  tensorsIn(output)
    .map(({ shape }) => formatShape(shape))
    .join(', ');

/** The contents of a row, and its depth of nesting. */
interface Cells {
  readonly depth: number;
  readonly cells: readonly string[];
}

function cellsOf({ path, kind, output, calls, parameters, trainable, multiplyAdds, kept }: SummaryRow): Cells {
  const steps = path === '' ? [] : path.split('.');
  const name = steps.length === 0 ? kind : `${steps[steps.length - 1]}: ${kind}`;
  const trained = parameters === 0 ? '' : trainable === parameters ? 'yes' : trainable === 0 ? 'no' : 'partly';
  const numbers = [parameters, multiplyAdds, kept].map(grouped);
  return { depth: steps.length, cells: [name, calls > 1 ? `${output} ×${calls}` : output, ...numbers, trained] };
}

const head = ['layer', 'output', 'parameters', 'multiply-adds', 'kept', 'trained'];
const isNumber = (column: number) => column >= 2 && column <= 4;

function asText(rows: readonly Cells[], total: string): string {
  const lines = [head, ...rows.map(({ depth, cells: [name, ...rest] }) => [`${'  '.repeat(depth)}${name}`, ...rest])];
  const widths = head.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  const written = lines.map((line) =>
    line
      .map((cell, i) => (isNumber(i) ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ')
      .trimEnd(),
  );
  return [...written, total].join('\n');
}

function asHtml(rows: readonly Cells[], total: string): string {
  const align = (i: number) => `text-align: ${isNumber(i) ? 'right' : 'left'}`;
  const header = head.map((cell, i) => `<th style="${align(i)}">${cell}</th>`).join('');
  const body = rows.map(({ depth, cells: [name, ...rest] }) => {
    const indent = `<td style="${align(0)}; padding-left: ${1 + 1.5 * depth}em">${escapeHtml(name!)}</td>`;
    return `<tr>${indent}${rest.map((cell, i) => `<td style="${align(i + 1)}">${cell}</td>`).join('')}</tr>`;
  });
  return `<table><caption>${total}</caption><thead><tr>${header}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

/** With thousands separators: `1,199,882`. */
const grouped = (n: number) => String(n).replace(/\B(?=(\d{3})+$)/g, ',');
