import { noGrad, type RemovableHandle } from '../autograd';
import { type MimeBundle, RichOutput } from '../display';
import { zeros } from '../tensor/creation';
import { type Dtype, isFloat } from '../tensor/dtype';
import { formatShape, type Shape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import type { AnyModule } from './module';

/** Option of {@link summary}. */
export interface SummaryOptions {
  /** Kind of the inputs that are made from shapes; default: that of the first floating-point parameter. */
  dtype?: Dtype;
}

/** One module in a {@link Summary}. */
export interface SummaryRow {
  /** Where it stands, such as `'encoder.0'`; `''` is the whole. */
  readonly path: string;
  /** The name of its class. */
  readonly kind: string;
  /** The shape of what it gives out, `[5, 8]`; several, separated by commas; empty if it was not called. */
  readonly output: string;
  /** How often it was called. */
  readonly calls: number;
  /** Elements of its own parameters, without those of modules inside or those that an earlier row has counted. */
  readonly parameters: number;
  /** How many of them require a gradient. */
  readonly trainable: number;
}

/** A table of the modules in a network; shows as such in a notebook. */
export class Summary extends RichOutput {
  constructor(readonly rows: readonly SummaryRow[]) {
    super();
  }

  /** Elements of all parameters. */
  get parameters(): number {
    return this.rows.reduce((sum, row) => sum + row.parameters, 0);
  }

  /** How many of them require a gradient. */
  get trainable(): number {
    return this.rows.reduce((sum, row) => sum + row.trainable, 0);
  }

  mimeBundle(): MimeBundle {
    const { parameters, trainable } = this;
    const total = `${grouped(parameters)} parameters, ${grouped(trainable)} of them trained`;
    const cells = this.rows.map(cellsOf);
    return { 'text/html': asHtml(cells, total), 'text/plain': asText(cells, total) };
  }
}

/**
 * A table of the modules in a network with the shapes of their outputs and the numbers of their parameters. The network
 * runs once, on zeros of a shape (or on tensors of your own), in evaluation mode and without recording; nothing in it is
 * changed.
 *
 * @example
 * const net = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU());
 * nn.summary(net, [5, 2]).parameters // 9
 * @param inputShape the shape of the input with its batch, such as `[1, 28, 28]`; or a tensor; or a list of them for
 *   several inputs
 */
export function summary(
  net: AnyModule,
  inputShape: Shape | Tensor | readonly (Shape | Tensor)[],
  options: SummaryOptions = {},
): Summary {
  const dtype = options.dtype ?? net.parameters().find((p) => isFloat(p.dtype))?.dtype ?? 'float32';
  const inputs = listed(inputShape).map((x) => (x instanceof Tensor ? x : zeros(x, { dtype })));
  const outputs = outputsOf(net, inputs);
  const counted = new Set<Tensor>();
  const rows = net.namedModules().map(([path, module]): SummaryRow => {
    const own = module.parameters({ recurse: false }).filter((p) => !counted.has(p));
    for (const p of own) counted.add(p);
    const shapes = outputs.get(module) ?? [];
    return {
      path,
      kind: module.constructor.name,
      output: shapes[0] ?? '',
      calls: shapes.length,
      parameters: own.reduce((sum, p) => sum + p.numel(), 0),
      trainable: own.reduce((sum, p) => sum + (p.requiresGrad ? p.numel() : 0), 0),
    };
  });
  return new Summary(rows);
}

function listed(input: Shape | Tensor | readonly (Shape | Tensor)[]): readonly (Shape | Tensor)[] {
  if (input instanceof Tensor) return [input];
  return input.every((n) => typeof n === 'number') ? [input as Shape] : (input as readonly (Shape | Tensor)[]);
}

/** Runs the network, and gives the shape of every module's output for each of its calls. */
function outputsOf(net: AnyModule, inputs: readonly Tensor[]): Map<AnyModule, string[]> {
  const outputs = new Map<AnyModule, string[]>();
  const handles: RemovableHandle[] = [];
  const modules = net.modules();
  const modes = modules.map((module) => module.training);
  try {
    for (const module of modules)
      handles.push(
        module.registerForwardHook((_, __, output) => {
          outputs.set(module, [...(outputs.get(module) ?? []), shapeOf(output)]);
        }),
      );
    net.eval();
    noGrad(() => net(...(inputs as never)));
  } finally {
    for (const handle of handles) handle.remove();
    modules.forEach((module, i) => {
      module.training = modes[i];
    });
  }
  return outputs;
}

function shapeOf(output: unknown): string {
  if (output instanceof Tensor) return formatShape(output.shape);
  if (typeof output !== 'object' || output === null) return '';
  return Object.values(output).map(shapeOf).filter(Boolean).join(', ');
}

type Cells = readonly [layer: string, output: string, parameters: string, trained: string, depth: number];

function cellsOf({ path, kind, output, calls, parameters, trainable }: SummaryRow): Cells {
  const steps = path === '' ? [] : path.split('.');
  const name = steps.length === 0 ? kind : `${steps[steps.length - 1]}: ${kind}`;
  const trained = parameters === 0 ? '' : trainable === parameters ? 'yes' : trainable === 0 ? 'no' : 'partly';
  return [name, calls > 1 ? `${output} ×${calls}` : output, grouped(parameters), trained, steps.length];
}

const head = ['layer', 'output', 'parameters', 'trained'];

function asText(cells: readonly Cells[], total: string): string {
  const lines = [head, ...cells.map(([name, ...rest]) => [`${'  '.repeat(rest[3])}${name}`, ...rest.slice(0, 3)])];
  const widths = head.map((_, i) => Math.max(...lines.map((line) => String(line[i]).length)));
  const written = lines.map((line) =>
    line
      .slice(0, 4)
      .map((cell, i) => (i === 2 ? String(cell).padStart(widths[i]) : String(cell).padEnd(widths[i])))
      .join('  ')
      .trimEnd(),
  );
  return [...written, total].join('\n');
}

function asHtml(cells: readonly Cells[], total: string): string {
  const align = (i: number) => `text-align: ${i === 2 ? 'right' : 'left'}`;
  const header = head.map((cell, i) => `<th style="${align(i)}">${cell}</th>`).join('');
  const body = cells.map(([name, output, parameters, trained, depth]) => {
    const indent = `<td style="${align(0)}; padding-left: ${1 + 1.5 * depth}em">${escapeHtml(name)}</td>`;
    const rest = [output, parameters, trained].map((cell, i) => `<td style="${align(i + 1)}">${cell}</td>`);
    return `<tr>${indent}${rest.join('')}</tr>`;
  });
  return `<table><caption>${total}</caption><thead><tr>${header}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

/** Thousands apart: `1,199,882`. */
const grouped = (n: number) => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

const escapeHtml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
