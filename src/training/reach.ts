import type { Node } from '../autograd';
import { ValueError } from '../errors';
import { type AnyModule, isParameter, Module } from '../nn';
import type { Optimizer } from '../optim';
import { isOptimized } from '../optim/optimizer';
import { formatShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import type { Loss, Net } from './net';

/** Optimizers with a previous warning: each is reported once. */
const warned = new WeakSet<Optimizer>();

/**
 * Checks, at the first loss and before the backward pass, that the training has an effect. The optimizer of another net
 * would step weights that the loss does not depend on. A parameter without an optimizer stays constant, which may be
 * intended; that is a warning.
 * @throws {ValueError} if the loss depends on no trained tensor, or on none of the optimizer's parameters and the net
 * has none of them.
 * @internal
 */
export function checkReach(who: string, net: Net, loss: Loss, optimizer: Optimizer, value: Tensor): void {
  const leaves = leavesOf(value);
  const own = optimizer.paramGroups.flatMap(({ params }) => params);
  const named = net.namedParameters();
  if (leaves.size === 0)
    throw new ValueError(
      `${who}: no parameter would be trained: ${
        named.length > 0 && !named.some(([, p]) => p.requiresGrad)
          ? `all ${named.length} parameters of this ${net.constructor.name} are frozen; net.requiresGrad_() frees them`
          : 'the loss depends on no tensor that requires a gradient; is there detach(), item() or noGrad on the way to it?'
      }`,
    );
  // A loss that computes the gradients itself has set them already.
  if (!own.some((p) => leaves.has(p) || p.grad !== null)) {
    const ofLoss = (loss as unknown) instanceof Module ? (loss as unknown as AnyModule).parameters() : [];
    const known = new Set<Tensor>([...named.map(([, p]) => p), ...ofLoss]);
    if (!own.some((p) => known.has(p)))
      throw new ValueError(
        `${who}: no parameter would be trained: the optimizer has none of the ${known.size} parameters of this ${net.constructor.name}. ` +
          `It was made for another net; make it again after this one: new optim.${optimizer.constructor.name}(net.parameters(), …)`,
      );
  }
  if (warned.has(optimizer)) return;
  const inOrder = new Set<Tensor>([...named.map(([, p]) => p), ...leaves]);
  const left = [...inOrder].filter((p) => leaves.has(p) && isParameter(p) && !isOptimized(p));
  if (left.length === 0) return;
  warned.add(optimizer);
  console.warn(`${who}: ${whatIsLeft(left, new Map(named.map(([path, p]) => [p, path])))}`);
}

function whatIsLeft(left: readonly Tensor[], paths: ReadonlyMap<Tensor, string>): string {
  const listed = left.flatMap((p) => paths.get(p) ?? []);
  const others = left.filter((p) => !paths.has(p));
  const names = `${listed.slice(0, 4).join(', ')}${listed.length > 4 ? `, … ${listed.length - 4} more` : ''}`;
  const shapes = others.slice(0, 4).map((p) => formatShape(p.shape));
  const unlisted =
    others.length === 0
      ? ''
      : `${others.length} that the net does not list, of shape ${shapes.join(', ')}${others.length > 4 ? ', …' : ''}: it lists what its ` +
        'properties hold, nn.ModuleList and nn.ParameterList';
  return (
    `the loss depends on parameters that no optimizer has, and they stay as they are: ${[names, unlisted].filter((text) => text !== '').join('; ')}. ` +
    'Give them to the optimizer, or freeze them with requiresGrad_(false), which silences this'
  );
}

/** Returns the leaves that get gradients in a backward pass from a tensor. */
function leavesOf(value: Tensor): Set<Tensor> {
  const leaves = new Set<Tensor>();
  if (value.gradFn === null) return value.requiresGrad ? leaves.add(value) : leaves;
  const seen = new Set<Node>([value.gradFn]);
  const open = [value.gradFn];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.variable !== null) {
      if (node.variable.requiresGrad) leaves.add(node.variable);
      continue;
    }
    for (const [next] of node.nextFunctions)
      if (next !== null && !seen.has(next)) {
        seen.add(next);
        open.push(next);
      }
  }
  return leaves;
}
