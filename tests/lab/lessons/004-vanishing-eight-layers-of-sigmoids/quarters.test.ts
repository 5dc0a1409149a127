import { describe, expect, it } from 'vitest';
import { randn } from '../../../../src';
import { plane, trainQuarters } from '../../../../src/lab/lessons/004-vanishing-eight-layers-of-sigmoids';
import { Adam, SGD } from '../../../../src/optim';
import type { Tensor } from '../../../../src/tensor/tensor';

const few = { hidden: 2, steps: 3, seeds: [4] };
const train = (...given: Parameters<typeof trainQuarters>) => trainQuarters(...given)[0]!;
const sgd =
  (lr: number, momentum = 0) =>
  (parameters: Tensor[]) =>
    new SGD(parameters, { lr, momentum });

describe('a net that learns the quarters', () => {
  it('learns them, with identical runs', () => {
    const [a, b] = [1, 2].map(() => train((x) => x.tanh(), { hidden: 2, seeds: [1] }));
    expect(a!.loss).toBeLessThan(0.1);
    expect(a!.loss).toBe(b!.loss);
    const said = a!.probability(a!.x).gt(0.5).to('float32');
    expect(said.sub(a!.y).abs().sum().item()).toBeLessThan(3);
  });

  it('descends by the rate times the square of the gradient', () => {
    const before = train((x) => x.relu(), { ...few, steps: 1, optimizer: sgd(0) });
    const one = train((x) => x.relu(), { ...few, steps: 1, optimizer: sgd(1e-4) });
    const two = train((x) => x.relu(), { ...few, steps: 2, optimizer: sgd(1e-4) });
    // Such a small step lowers the loss by the rate times the gradient's square, and the next by nearly as much.
    const [first, second] = [before.loss - one.loss, one.loss - two.loss];
    expect(first).toBeGreaterThan(0);
    expect(second / first).toBeCloseTo(1, 2);
  });

  it('draws its points first, then its weights layer by layer', () => {
    const net = train((x) => x, { hidden: 1, steps: 1, optimizer: sgd(0), gain: 0 });
    expect(net.loss).toBeCloseTo(Math.LN2, 7);
    expect(net.y.tolist()).toEqual((net.x.tolist() as [number, number][]).map(([a, b]) => (a * b > 0 ? 1 : 0)));
  });

  it('uses SGD with rate 0.1 and momentum 0.9, or the given settings', () => {
    const [usual, same, other] = [
      train((x) => x.tanh(), few),
      train((x) => x.tanh(), { ...few, optimizer: sgd(0.1, 0.9) }),
      train((x) => x.tanh(), { ...few, optimizer: (parameters) => new Adam(parameters, { lr: 0.01 }) }),
    ];
    expect(same!.loss).toBe(usual!.loss);
    expect(other!.loss).not.toBeCloseTo(usual!.loss, 4);
  });

  it('with an offset of ½ starts like sigmoids that are ½ lower', () => {
    const options = { hidden: 4, steps: 1, seeds: [2], gain: 4, optimizer: sgd(0) };
    const shifted = train((x) => x.sigmoid().sub(0.5), options);
    const repaired = train((x) => x.sigmoid(), { ...options, offset: 0.5 });
    const plain = train((x) => x.sigmoid(), options);
    expect(repaired.loss).toBeCloseTo(shifted.loss, 5);
    expect(Math.abs(plain.loss - shifted.loss)).toBeGreaterThan(0.01);
  });

  it('uses a list of activations, one for each hidden layer', () => {
    const options = { steps: 3, seeds: [4] };
    const same = Array.from({ length: 2 }, () => (x: Tensor) => x.relu());
    expect(train(same, options).loss).toBe(train((x) => x.relu(), { ...options, hidden: 2 }).loss);
    const still = { steps: 1, seeds: [2], gain: 0.4, optimizer: sgd(0) };
    const net = train([(x) => x.mul(2), (x) => x.mul(3)], still);
    const straight = train((x) => x, { ...still, hidden: 2 });
    const logit = (one: typeof net) => one.probability(one.x).logit();
    expect(logit(net).sub(logit(straight).mul(6)).abs().max().item()).toBeLessThan(1e-5);
    const [first, last] = [0, 1].map((place) =>
      train(
        [0, 1].map((l) => (x: Tensor) => (l === place ? x.sigmoid() : x.relu())),
        still,
      ),
    );
    expect(first!.loss).not.toBe(last!.loss);
    expect(() => trainQuarters([])).toThrow(/hidden/);
  });

  it('trains several as separately, and a diverging one does not affect others', () => {
    const seeds = [3, 1, 2];
    const options = { hidden: 3, steps: 40, gain: 2 };
    const tanh = (x: Tensor) => x.tanh();
    const places = randn([5, 2]);
    trainQuarters(tanh, { ...options, seeds }).forEach((net, i) => {
      const alone = train(tanh, { ...options, seeds: [seeds[i]!] });
      expect(net.loss).toBeCloseTo(alone.loss, 5);
      expect([net.x.tolist(), net.y.tolist()]).toEqual([alone.x.tolist(), alone.y.tolist()]);
      expect(net.probability(places).sub(alone.probability(places)).abs().max().item()).toBeLessThan(1e-4);
    });
    const far = { gain: 6, steps: 150 };
    const isLost = (seed: number) => !Number.isFinite(train((x) => x.relu(), { ...far, seeds: [seed] }).loss);
    const starts = Array.from({ length: 10 }, (_, i) => i + 1);
    const together = trainQuarters((x) => x.relu(), { ...far, seeds: starts });
    expect(together.map(({ loss }) => !Number.isFinite(loss))).toEqual(starts.map(isLost));
    expect(new Set(starts.map(isLost)).size).toBe(2);
  });

  it('rejects invalid arguments', () => {
    expect(() => trainQuarters((x) => x, { seeds: [] })).toThrow('at least one seed');
    expect(() => trainQuarters((x) => x, { hidden: 0 })).toThrow('hidden must be a whole number above 0, got 0');
    expect(() => trainQuarters((x) => x, { gain: -1 })).toThrow('got -1');
  });
});

describe('its plane', () => {
  const net = train((x) => x.tanh(), few);
  const bytesOf = (figure: ReturnType<typeof plane>) =>
    Buffer.from((figure.data[0]!.z as { bdata: string }).bdata, 'base64');

  it("has the net's outputs, in half per cent", () => {
    const sure = { ...net, probability: (at: typeof net.x) => at.select(1, 0).gt(0).to('float32') };
    const figure = plane(sure, { resolution: 3 });
    expect([...bytesOf(figure)]).toEqual([0, 0, 200, 0, 0, 200, 0, 0, 200]);
    expect(figure.description).toContain('it gives class 1 probabilities from 0 to 1.');
    const [, zero, one] = figure.data;
    expect((zero!.x as number[]).length + (one!.x as number[]).length).toBe(64);
  });

  it('has no background where the output is NaN', () => {
    const lost = { ...net, probability: (at: typeof net.x) => net.probability(at).mul(Number.NaN) };
    const { data, description } = plane(lost);
    expect(data[0]!.opacity).toBe(0);
    expect(description).toContain('the net returns no number');
    expect(() => plane(net, { resolution: 1 })).toThrow('from 2 to 200, got 1');
  });
});
