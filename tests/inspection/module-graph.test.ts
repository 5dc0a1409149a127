import { beforeAll, describe, expect, test } from 'vitest';
import { type Graph, graph, manualSeed, nn, randn, type Tensor, tensor, ValueError } from '../../src';
import '../../src/lab'; // draws graphs

class Net extends nn.Module<[Tensor], Tensor> {
  body = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU());
  head = new nn.Linear(3, 2);
  forward(x: Tensor): Tensor {
    const h = this.body(x);
    return this.head(h.add(h.mul(2))).logSoftmax(1);
  }
}

manualSeed(1);
const net = new Net();
const x = randn([4, 2]);

/** Names of boxes, frames and arrows. */
function read({ dot }: Graph) {
  const boxes = [...dot.matchAll(/^ *(\w+) \[style.*label=<<b>([\w.]*)<\/b>/gm)].map(
    ([, id, name]) => [id!, name!] as const,
  );
  const nameOf = new Map(boxes);
  const arrows = [...dot.matchAll(/(\w+) -> (\w+);/g)].map(([, a, b]) => `${nameOf.get(a!)} → ${nameOf.get(b!)}`);
  const frames = [...dot.matchAll(/label=<<b>([\w.]+)<\/b> \w+>; style="rounded"/g)].map(([, name]) => name);
  return { boxes: boxes.map(([, name]) => name).sort(), arrows: arrows.sort(), frames };
}

describe('a net as blocks', () => {
  let closed: Graph;
  beforeAll(async () => {
    closed = await graph(net, [x]);
  });

  test('each module is one block, operations between them stay', () => {
    expect(read(closed)).toEqual({
      boxes: ['add', 'body', 'head', 'logSoftmax', 'mul', 'x', 'y'],
      frames: [],
      arrows: [
        'add → head',
        'body → add',
        'body → mul',
        'head → logSoftmax',
        'logSoftmax → y',
        'mul → add',
        'x → body',
      ],
    });
    expect(closed.dot).toContain('<b>body</b> Sequential<br/>[4 × 3]<br/><font point-size="10">9 parameters</font>');
    expect(closed.svg?.startsWith('<svg')).toBe(true);
  });

  test('an open block shows its modules, operations and parameters in a frame', async () => {
    expect(read(await graph(net, [x], { open: ['body'] }))).toMatchObject({
      boxes: ['add', 'body.0', 'body.1', 'head', 'logSoftmax', 'mul', 'x', 'y'],
      frames: ['body'],
    });
    const deep = read(await graph(net, [x], { open: ['body.0'] }));
    expect(deep.frames).toEqual(['body', 'body.0']);
    expect(deep.boxes).toEqual(['add', 'bias', 'body.1', 'head', 'linear', 'logSoftmax', 'mul', 'weight', 'x', 'y']);
    expect(deep.arrows).toEqual(expect.arrayContaining(['x → linear', 'weight → linear', 'linear → body.1']));
  });

  test('with everything open there is a box for each operation', async () => {
    const open = net.namedModules().flatMap(([path]) => (path ? [path] : []));
    const { boxes } = read(await graph(net, [x], { open }));
    expect(boxes.filter((name) => !['x', 'y', 'weight', 'bias'].includes(name))).toEqual([
      'add',
      'linear',
      'linear',
      'logSoftmax',
      'mul',
      'relu',
    ]);
    expect(boxes.filter((name) => name === 'weight')).toHaveLength(2);
  });

  test('a click opens each block, and those in it', () => {
    const { 'text/html': html, 'text/plain': words } = closed.mimeBundle() as Record<string, string>;
    expect([...html!.matchAll(/<summary[^>]*>([^<]*)/g)].map(([, title]) => title)).toEqual([
      'body: Sequential',
      'body.0: Linear',
      'body.1: ReLU',
      'head: Linear',
    ]);
    expect(html!.match(/<img /g)).toHaveLength(5);
    expect(html).not.toContain('<svg');
    expect(words!.split('\n')).toEqual([
      'graph of Net, 6 operations',
      '  body: Sequential gives [4 × 3]',
      '    body.0: Linear gives [4 × 3]',
      '      linear',
      '    body.1: ReLU gives [4 × 3]',
      '      relu',
      '  mul',
      '  add',
      '  head: Linear gives [4 × 2]',
      '    linear',
      '  logSoftmax',
    ]);
  });

  test('a module that is called twice is two blocks', async () => {
    const layer = new nn.Linear(2, 2);
    const twice = await graph(new nn.Sequential(layer, new nn.Tanh(), layer), [x]);
    expect(read(twice)).toMatchObject({
      boxes: ['0', '0', '1', 'x', 'y'],
      arrows: ['0 → 1', '0 → y', '1 → 0', 'x → 0'],
    });
  });

  test('leaves the net unchanged', async () => {
    const before = net(x).tolist();
    await graph(net, [x]);
    expect(net(x).tolist()).toEqual(before);
    expect(net.parameters().every((p) => p.grad === null)).toBe(true);
  });

  test('large nets have no clickable blocks', async () => {
    const large = new nn.Sequential(...Array.from({ length: 30 }, () => new nn.Linear(2, 2)));
    const drawn = await graph(large, [x]);
    expect(drawn.mimeBundle()).not.toHaveProperty('text/html');
    expect(read(drawn).boxes).toHaveLength(32);
  });

  test('rejects what it cannot draw', async () => {
    await expect(graph(net, x as never)).rejects.toThrow(ValueError);
    await expect(graph(net, [x], { open: ['tail'] })).rejects.toThrow(
      "graph: open names 'tail'; the modules are 'body', 'body.0', 'body.1', 'head'",
    );
    await expect(graph(new nn.Tanh(), [tensor([1, 2])])).rejects.toThrow('this tensor has no history');
  });
});
