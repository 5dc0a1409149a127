import { nodesMade } from '../autograd/node';
import { describe } from '../describe';
import { escapeHtml, views } from '../display';
import { ValueError } from '../errors';
import type { AnyModule } from '../nn/module';
import { requireList, requireTensor } from '../ops/table/arguments';
import { Tensor } from '../tensor/tensor';
import { backwardOf, box, colours, Graph, type OpenBlock, opening, rendered } from './dot';
import { makersIn, type Step, type Trace, traceOf, type Value } from './trace';

/** Options of {@link graph} for nets. */
export interface ModuleGraphOptions {
  /** The modules that are open from the start, by their paths, such as `['encoder', 'encoder.0']`. Default: none. */
  open?: readonly string[];
}

/** One call of a module: it recorded the nodes with numbers above `from`, up to `to`. */
interface Call {
  readonly path: string;
  readonly module: AnyModule;
  readonly from: number;
  to: number;
  output: unknown;
  readonly calls: Call[];
}

/** A node of the drawing: an operation or a collapsed module. */
type Unit = Step | Call;
const isCall = (unit: Unit): unit is Call => 'calls' in unit;

/** @internal */
export function isModule(x: unknown): x is AnyModule {
  return typeof x === 'function' && 'namedModules' in x;
}

/** As {@link graph} of a net. @internal */
export async function drawModules(
  net: AnyModule,
  inputs: readonly unknown[],
  { open = [] }: ModuleGraphOptions,
): Promise<Graph> {
  requireList('graph', inputs);
  const paths = net.namedModules().map(([path]) => path);
  const unknown = open.filter((path) => !paths.includes(path));
  if (unknown.length > 0)
    throw new ValueError(
      `graph: open names '${unknown.join("', '")}'; the modules are '${paths.slice(1).join("', '")}'`,
    );
  const { call, result } = recorded(net, [...inputs]);
  requireTensor('graph', result, "the net's result");
  const given = inputs.filter((x): x is Tensor => x instanceof Tensor);
  const names = Object.fromEntries(given.map((x, i) => [given.length > 1 ? `x${i + 1}` : 'x', x]));
  const trace = traceOf('graph', result, { ...Object.fromEntries(net.namedParameters()), ...names, y: result });
  const draw = async (opened: readonly string[]) => {
    const all = opened.flatMap((path) => path.split('.').map((_, i, parts) => parts.slice(0, i + 1).join('.')));
    const dot = dotOf(trace, call, new Set(all), Object.keys(names));
    return { dot, svg: await rendered(dot) };
  };
  const isDrawn = (one: Call) => trace.steps.some((step) => around(step, call).includes(one));
  const blocksIn = async (parent: Call, opened: readonly string[]): Promise<OpenBlock[]> => {
    const blocks: OpenBlock[] = [];
    if (paths.length > mostFolded || views.drawing === undefined) return blocks;
    for (const one of firstOfEach(parent.calls).filter(isDrawn)) {
      const further = [...opened, one.path];
      const { svg } = await draw(further);
      blocks.push({ name: titleOf(one), svg: svg!, words: titleOf(one), blocks: await blocksIn(one, further) });
    }
    return blocks;
  };
  const { svg, dot } = await draw(open);
  return new Graph(svg, dot, wordsOf(trace, call), await blocksIn(call, open));
}

/** With more modules than this, a drawing has no blocks to click on: each block needs its own drawing. */
const mostFolded = 30;

/** Runs the net and records the nodes of each call of a module. */
function recorded(net: AnyModule, inputs: unknown[]): { call: Call; result: unknown } {
  const outer: Call[] = [];
  let root: Call | undefined;
  const handles = net.namedModules().flatMap(([path, module]) => {
    const before = () => {
      const made: Call = { path, module, from: nodesMade(), to: 0, output: undefined, calls: [] };
      (outer.at(-1)?.calls ?? []).push(made);
      root ??= made;
      outer.push(made);
    };
    const after = (_: unknown, __: unknown, output: unknown) => {
      Object.assign(outer.pop()!, { to: nodesMade(), output });
    };
    const hooked = module as unknown as {
      [K in 'registerForwardPreHook' | 'registerForwardHook']: (hook: unknown) => { remove(): void };
    };
    return [hooked.registerForwardPreHook(before), hooked.registerForwardHook(after)];
  });
  try {
    const result = (net as unknown as (...inputs: unknown[]) => unknown)(...inputs);
    return { call: root!, result };
  } finally {
    for (const handle of handles) handle.remove();
  }
}

/** Only the first call of a module is a block to open; its later calls look the same and open with it. */
const firstOfEach = (calls: readonly Call[]) =>
  calls.filter(({ path }, i) => calls.findIndex((other) => other.path === path) === i);

const classOf = (module: AnyModule) => module.constructor.name;
const lastPart = (path: string) => path.slice(path.lastIndexOf('.') + 1);
const titleOf = ({ path, module }: Call) => `${path}: ${classOf(module)}`;
const shapeOf = (x: unknown) => (x instanceof Tensor ? `[${x.shape.join(' × ')}]` : describe(x));

/** Returns the calls that contain an operation, outermost first. */
function around(step: Step, call: Call): Call[] {
  const inner = call.calls.find(({ from, to }) => step.node.order > from && step.node.order <= to);
  return inner ? [call, ...around(step, inner)] : [call];
}

function dotOf(trace: Trace, root: Call, open: ReadonlySet<string>, inputs: readonly string[]): string {
  const makers = makersIn(trace);
  const ids = new Map<Unit | Value, string>();
  /** Lines by the call that frames them. */
  const lines = new Map<Call, string[]>();
  const framed = new Map<Call, Call>();
  const linesOf = (call: Call): string[] => {
    const known = lines.get(call) ?? [];
    lines.set(call, known);
    return known;
  };
  /** Returns the unit that represents an operation; draws it on first use. */
  const unitOf = (step: Step): string => {
    const calls = around(step, root);
    const shut = calls.find((call) => call !== root && !open.has(call.path));
    const frames = shut ? calls.slice(0, calls.indexOf(shut)) : calls;
    for (const [i, call] of frames.entries()) if (i > 0) framed.set(call, frames[i - 1]!);
    const unit: Unit = shut ?? step;
    const known = ids.get(unit);
    if (known !== undefined) return known;
    const id = `unit${ids.size}`;
    ids.set(unit, id);
    linesOf(frames.at(-1)!).push(
      isCall(unit)
        ? box(id, blockWords(unit), colours.block, 'rounded,filled')
        : box(id, [`<b>${escapeHtml(step.op.name)}</b>`, backwardOf(step)], colours.result, 'rounded,filled'),
    );
    return id;
  };
  const edges = new Set<string>();
  const connect = (from: string, to: string) => {
    if (from !== to) edges.add(`  ${from} -> ${to};`);
  };
  for (const step of trace.steps) {
    const id = unitOf(step);
    const isShut = !ids.has(step);
    const frame = around(step, root).at(-1)!;
    for (const value of step.inputs) {
      if (value === null || value.kind === 'number') continue;
      const maker = makers.get(value);
      if (maker) connect(unitOf(maker), id);
      else if (inputs.includes(value.name) || !isShut) {
        const isInput = inputs.includes(value.name);
        if (!ids.has(value)) {
          ids.set(value, `value${ids.size}`);
          const colour = value.kind === 'leaf' ? colours.leaf : colours.constant;
          const parts = [`<b>${escapeHtml(lastPart(value.name))}</b>`, `[${value.shape.join(' × ')}]`];
          linesOf(isInput ? root : frame).push(box(ids.get(value)!, parts, colour));
        }
        connect(ids.get(value)!, id);
      }
    }
  }
  const end = `  end [style="filled", fillcolor="${colours.end}", label=<<b>y</b><br/>${shapeOf(trace.result.value)}>];`;
  connect(unitOf(makers.get(trace.result)!), 'end');
  const write = (call: Call, indent: string): string[] => {
    const inner = [...framed].filter(([, parent]) => parent === call).map(([one]) => one);
    return [
      ...(lines.get(call) ?? []).map((line) => indent + line),
      ...inner.flatMap((one) => [
        `${indent}  subgraph cluster_${one.from}_${one.to} {`,
        `${indent}    label=<<b>${escapeHtml(one.path)}</b> ${classOf(one.module)}>; style="rounded"; labelloc=b; color="#808890";`,
        `${indent}    fontname="Helvetica"; fontsize=12; fontcolor="#757575";`,
        ...write(one, `${indent}  `),
        `${indent}  }`,
      ]),
    ];
  };
  return [...opening, ...write(root, ''), end, ...edges, '}'].join('\n');
}

function blockWords(call: Call): string[] {
  const count = call.module.parameters().reduce((sum, p) => sum + p.numel(), 0);
  return [
    `<b>${escapeHtml(call.path)}</b> ${escapeHtml(classOf(call.module))}`,
    shapeOf(call.output),
    count > 0 ? `<font point-size="10">${count.toLocaleString('en')} parameters</font>` : '',
  ];
}

function wordsOf(trace: Trace, root: Call): string {
  const lines: string[] = [];
  const write = (call: Call, indent: string) => {
    const own = trace.steps.filter((step) => around(step, root).at(-1) === call);
    const parts: Unit[] = [...call.calls, ...own];
    const startOf = (unit: Unit) => (isCall(unit) ? unit.from + 0.5 : unit.node.order);
    for (const part of parts.sort((a, b) => startOf(a) - startOf(b))) {
      lines.push(`${indent}${isCall(part) ? `${titleOf(part)} gives ${shapeOf(part.output)}` : part.op.name}`);
      if (isCall(part)) write(part, `${indent}  `);
    }
  };
  write(root, '  ');
  return [`graph of ${classOf(root.module)}, ${trace.steps.length} operations`, ...lines].join('\n');
}
