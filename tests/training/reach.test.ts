// Trainings in which nothing trains, or only a part: an error, or one warning. Intentional ones cause none.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { manualSeed, nn, noGrad, optim, rand, type Tensor, tensor, training, tuner } from '../../src';
import { ValueError } from '../../src/errors';

const { mseLoss } = nn.functional;

let said: string[];
beforeEach(() => {
  said = [];
  vi.spyOn(console, 'warn').mockImplementation((...all) => {
    said.push(all.join(' '));
  });
  manualSeed(1);
});
afterEach(() => vi.restoreAllMocks());

const rows = () => {
  const x = rand([24, 3]);
  return { x, y: x.sum(1, { keepdim: true }) };
};
const mlp = () => new nn.Sequential(new nn.Linear(3, 4), new nn.Tanh(), new nn.Linear(4, 1));
const sgd = (net: nn.AnyModule) => new optim.SGD(net.parameters(), { lr: 0.1 });
const valuesOf = (net: nn.AnyModule) => net.parameters().map((p) => p.tolist());

describe('the optimizer of another net is an error, and nothing has changed', () => {
  const options = (optimizer: optim.Optimizer) => ({ loss: mseLoss, optimizer, epochs: 3, shuffle: false });
  const ways: [string, (net: training.Net, optimizer: optim.Optimizer) => unknown][] = [
    ['fit', (net, optimizer) => training.fit(net, rows(), options(optimizer))],
    ['fitAsync', (net, optimizer) => training.fitAsync(net, rows(), options(optimizer))],
    ['trace', (net, optimizer) => training.trace(net, rows(), options(optimizer))],
    ['accumulate', (net, optimizer) => training.fit(net, rows(), { ...options(optimizer), accumulate: 2 })],
    [
      'a loss with parameters',
      (net, optimizer) => training.fit(net, rows(), { ...options(optimizer), loss: new Scaled() }),
    ],
    ['lrFinder', (net, optimizer) => training.lrFinder(net, rows(), { loss: mseLoss, optimizer })],
    [
      'trainStep',
      (net, optimizer) =>
        training.fit(net, rows(), {
          ...options(optimizer),
          trainStep: ([x, y]) => {
            const output = net(x);
            return { output, loss: mseLoss(output, y) };
          },
        }),
    ],
    [
      'Model',
      (net, optimizer) => {
        const { x, y } = rows();
        return new training.Model(net).compile({ optimizer, loss: 'mse' }).fit(x, y);
      },
    ],
    [
      'a search',
      (net, optimizer) =>
        tuner
          .study(tuner.space({ rate: tuner.float(0, 1) }), { trials: 5, direction: 'minimize' })
          .run(() => training.fit(net, rows(), options(optimizer)).history.loss.at(-1)!),
    ],
  ];
  test.each(ways)('%s', async (_, run) => {
    for (const make of [sgd, (net: nn.AnyModule) => new optim.LBFGS(net.parameters())]) {
      const [before, net] = [mlp(), mlp()];
      const optimizer = make(before);
      if (optimizer instanceof optim.LBFGS && /accumulate|lrFinder/.test(_)) continue;
      const [first, second] = [valuesOf(before), valuesOf(net)];
      await expect((async () => run(net, optimizer))()).rejects.toThrow(
        /none of the \d+ parameters of this Sequential.*make it again/,
      );
      expect([valuesOf(before), valuesOf(net)]).toEqual([first, second]);
      expect(said).toEqual([]);
    }
  });

  test('a frozen net, and a loss without a history', () => {
    const net = mlp();
    const optimizer = sgd(net);
    const train = (loss: training.Loss) => () => training.fit(net, rows(), { loss, optimizer, epochs: 1 });
    expect(() => training.lrFinder(net, rows(), { loss: () => 3 as never, optimizer })).toThrow('lrFinder: the loss');
    expect(train((output, y) => mseLoss(output.detach(), y))).toThrow(
      'fit: no parameter would be trained: the loss depends on no tensor that requires a gradient; is there detach()',
    );
    net.requiresGrad_(false);
    expect(train(mseLoss)).toThrow('all 4 parameters of this Sequential are frozen; net.requiresGrad_() frees them');
  });

  test('a copy of the net is another net', () => {
    const net = mlp();
    const optimizer = sgd(net);
    expect(() => training.fit(net.clone(), rows(), { loss: mseLoss, optimizer, epochs: 1 })).toThrow(ValueError);
  });
});

/** A loss with parameters. */
class Scaled extends nn.Module<[Tensor, Tensor]> {
  scale = new nn.Parameter(tensor(1));
  forward(output: Tensor, y: Tensor): Tensor {
    return mseLoss(output.mul(this.scale), y);
  }
}

/** Layers that no listing of the net can find. */
class Hidden extends nn.Module {
  first = new nn.Linear(3, 4);
  readonly #second = new nn.Linear(4, 1);
  forward(x: Tensor): Tensor {
    return this.#second(this.first(x));
  }
}

describe('parameters without an optimizer', () => {
  const cases: [string, () => [training.Net, optim.Optimizer], RegExp][] = [
    [
      'part of the net',
      () => {
        const net = mlp();
        return [net, sgd(net.at(0) as nn.AnyModule)];
      },
      /: 2\.weight, 2\.bias\. Give them .* requiresGrad_\(false\)/,
    ],
    [
      'a layer that was added later',
      () => {
        const net = mlp();
        const optimizer = sgd(net);
        Object.assign(net, { 2: new nn.Linear(4, 1) });
        return [net, optimizer];
      },
      /: 2\.weight, 2\.bias\./,
    ],
    [
      'a layer in a private field',
      () => {
        const net = new Hidden();
        return [net, sgd(net)];
      },
      /: 2 that the net does not list, of shape (\[1\], \[1, 4\]|\[1, 4\], \[1\]): it lists .* nn\.ModuleList.*requiresGrad_\(false\)/,
    ],
  ];
  test.each(cases)('%s: one warning, however often it is trained', (_, make, text) => {
    const [net, optimizer] = make();
    for (let i = 0; i < 3; i++) training.fit(net, rows(), { loss: mseLoss, optimizer, epochs: 2 });
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(text);
  });

  test('frozen ones cause no warning', () => {
    for (const [, make] of cases.slice(0, 2)) {
      const [net, optimizer] = make();
      ((net as nn.Sequential).at(2) as nn.AnyModule).requiresGrad_(false);
      training.fit(net, rows(), { loss: mseLoss, optimizer, epochs: 2 });
    }
    expect(said).toEqual([]);
  });
});

describe('intentional cases cause no warning', () => {
  const train = (net: training.Net, optimizer: optim.Optimizer, more = {}) =>
    training.fit(net, rows(), { loss: mseLoss, optimizer, epochs: 2, batchSize: 8, ...more });
  const right: [string, () => unknown][] = [
    ['a net and its optimizer', () => ((net) => train(net, sgd(net)))(mlp())],
    [
      'groups',
      () =>
        ((net) =>
          train(
            net,
            new optim.SGD(
              net
                .children()
                .filter((c) => c.parameters().length > 0)
                .map((c) => ({ params: c.parameters(), lr: 0.1 })),
            ),
          ))(mlp()),
    ],
    ['LBFGS', () => ((net) => train(net, new optim.LBFGS(net.parameters())))(mlp())],
    [
      'transfer',
      () => {
        const net = mlp();
        (net.at(0) as nn.AnyModule).requiresGrad_(false);
        return train(net, new optim.Adam((net.at(2) as nn.AnyModule).parameters()));
      },
    ],
    [
      'frozen parameters in the optimizer',
      () => {
        const net = mlp();
        (net.at(0) as nn.AnyModule).requiresGrad_(false);
        return train(net, sgd(net));
      },
    ],
    [
      'two optimizers of one net',
      () => {
        const net = mlp();
        const [first, second] = [net.at(0), net.at(2)].map((part) => sgd(part as nn.AnyModule));
        return train(net, first!, {
          callbacks: [{ name: 'second', onBeforeOptimizerStep: () => void second!.step() }],
        });
      },
    ],
    [
      'a loss with parameters',
      () => {
        const [net, loss] = [mlp(), new Scaled()];
        return train(net, new optim.SGD([...net.parameters(), ...loss.parameters()], { lr: 0.1 }), { loss });
      },
    ],
    [
      'a temperature of a frozen net',
      () => {
        const net = mlp().requiresGrad_(false);
        const scale = tensor(2, { requiresGrad: true });
        train(net, new optim.SGD([scale], { lr: 0.1 }), {
          loss: (output: Tensor, y: Tensor) => mseLoss(output.mul(scale), y),
        });
        expect(scale.item()).not.toBe(2);
      },
    ],
    [
      'custom gradients',
      () => {
        const net = mlp();
        return train(net, sgd(net), {
          trainStep: ([x, y]: [Tensor, Tensor]) => {
            const output = net(x);
            mseLoss(output, y).backward();
            return { output, loss: tensor(1, { requiresGrad: true }).mul(2) };
          },
        });
      },
    ],
    [
      'a parametrization that was added later',
      () => {
        const net = mlp();
        const optimizer = sgd(net);
        class Twice extends nn.Module {
          forward(w: Tensor) {
            return w.mul(2);
          }
        }
        nn.utils.parametrize.registerParametrization(net.at(0) as nn.AnyModule, 'weight', new Twice());
        return train(net, optimizer);
      },
    ],
    [
      'a conversion',
      () => {
        const net = mlp();
        const optimizer = sgd(net);
        net.double();
        const { x, y } = rows();
        return training.fit(net, { x: x.double(), y: y.double() }, { loss: mseLoss, optimizer, epochs: 1 });
      },
    ],
  ];
  test.each(right)('%s', (_, run) => {
    run();
    expect(said).toEqual([]);
  });
});

describe('a loop by hand', () => {
  /** Steps after backward passes through `net`. */
  const loop = (net: training.Net, optimizer: optim.Optimizer, steps = 8, clear = () => optimizer.zeroGrad()) => {
    const { x, y } = rows();
    for (let i = 0; i < steps; i++) {
      clear();
      if (optimizer instanceof optim.LBFGS)
        optimizer.step(() => {
          clear();
          const loss = mseLoss(net(x), y);
          loss.backward();
          return loss;
        });
      else {
        mseLoss(net(x), y).backward();
        optimizer.step();
      }
    }
  };
  const kinds: [string, (p: Tensor[]) => optim.Optimizer][] = [
    ['SGD', (p) => new optim.SGD(p, { lr: 0.1 })],
    ['Adam', (p) => new optim.Adam(p)],
    ['Rprop', (p) => new optim.Rprop(p)],
    ['ASGD', (p) => new optim.ASGD(p)],
    ['LBFGS', (p) => new optim.LBFGS(p)],
    ['KerasAdam', (p) => new training.KerasAdam(p)],
  ];
  test.each(kinds)('%s of an earlier net warns once, after three steps', (name, make) => {
    const [before, net] = [mlp(), mlp()];
    const optimizer = make(before.parameters());
    loop(before, optimizer);
    expect(said).toEqual([]);
    loop(net, optimizer, 2);
    expect(said).toEqual([]);
    loop(net, optimizer);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(new RegExp(`^${name}: no parameter is trained.*In 3 steps .* none of its 4 parameters`));
  });

  test('gradients of earlier steps do not count if the other net is cleared', () => {
    const [before, net] = [mlp(), mlp()];
    const optimizer = sgd(before);
    loop(before, optimizer);
    loop(net, optimizer, 8, () => net.zeroGrad());
    expect(said).toHaveLength(1);
  });

  test('zeroGrad between backward and step', () => {
    const net = mlp();
    const optimizer = sgd(net);
    const { x, y } = rows();
    for (let i = 0; i < 4; i++) {
      mseLoss(net(x), y).backward();
      optimizer.zeroGrad();
      optimizer.step();
    }
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('between backward() and step()');
  });

  const silent: [string, () => void][] = [
    ['a net and its optimizer', () => ((net) => loop(net, sgd(net)))(mlp())],
    [
      'gradients that stay zero',
      () => ((net, o = sgd(net)) => loop(net, o, 8, () => o.zeroGrad({ setToNone: false })))(mlp()),
    ],
    ['accumulated gradients', () => ((net) => loop(net, sgd(net), 8, () => {}))(mlp())],
    [
      'schedules drawn without training',
      () => {
        const optimizer = sgd(mlp());
        const scheduler = new optim.lrScheduler.StepLR(optimizer, 2);
        for (let i = 0; i < 8; i++) {
          optimizer.step();
          scheduler.step();
        }
      },
    ],
    [
      'a part that is frozen at first',
      () => {
        const net = mlp();
        const [body, head] = [net.at(0), net.at(2)] as [nn.Linear, nn.Linear];
        const [slow, fast] = [sgd(body), sgd(head)];
        body.requiresGrad_(false);
        const { x, y } = rows();
        for (let i = 0; i < 8; i++) {
          slow.zeroGrad();
          fast.zeroGrad();
          mseLoss(net(x), y).backward();
          fast.step();
          slow.step();
        }
      },
    ],
    [
      'a game of two nets',
      () => {
        const [generator, judge] = [mlp(), new nn.Sequential(new nn.Linear(1, 4), new nn.Tanh(), new nn.Linear(4, 1))];
        const [g, d] = [sgd(generator), sgd(judge)];
        const { x, y } = rows();
        for (let i = 0; i < 12; i++) {
          d.zeroGrad();
          judge(generator(x).detach()).mean().sub(judge(y).mean()).backward();
          d.step();
          if (i % 5 !== 4) continue;
          g.zeroGrad();
          judge(generator(x)).mean().neg().backward();
          g.step();
        }
      },
    ],
    [
      'gradients set by hand, after passes through copies',
      () => {
        const net = mlp();
        const outer = sgd(net);
        for (let i = 0; i < 6; i++) {
          const copy = net.clone();
          loop(copy, sgd(copy), 2);
          noGrad(() => {
            for (const [k, p] of net.parameters().entries()) p.grad = p.sub(copy.parameters()[k]!);
          });
          outer.step();
        }
      },
    ],
  ];
  test.each(silent)('no warning: %s', (_, run) => {
    run();
    expect(said).toEqual([]);
  });

  test('an optimizer without parameters suggests where a net looks', () => {
    expect(() => sgd(new nn.ReLU())).toThrow(/not what is in arrays, objects or private names/);
  });
});
