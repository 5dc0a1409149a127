import { ValueError } from '../errors';
import type { AnyModule } from '../nn/module';
import { isModule } from '../nn/module-tree';
import { joining } from '../ops/joining/cat';
import { formatShape, sameShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';

/**
 * Returns the parameters and buffers of several modules of one kind, by path, stacked along a new first dimension:
 * arguments of {@link functionalCall} inside a {@link vmap} over an ensemble (`torch.func.stack_module_state`). The
 * stacked parameters are new leaves with the modules' `requiresGrad`.
 * @throws {ValueError} if there are no modules, or they differ in class, mode, paths, shapes or `requiresGrad`.
 */
export function stackModuleState(
  models: readonly AnyModule[],
): [parameters: Record<string, Tensor>, buffers: Record<string, Tensor>] {
  if (!Array.isArray(models) || models.length === 0 || !models.every(isModule))
    throw new ValueError('stackModuleState: expected a list of one module or more');
  const [first] = models;
  if (models.some((m) => m.training !== first.training))
    throw new ValueError(
      'stackModuleState: some modules are in training mode, some are not; call train() or eval() on all',
    );
  if (models.some((m) => m.constructor !== first.constructor))
    throw new ValueError(
      `stackModuleState: the modules must be of one class, got ${[...new Set(models.map((m) => m.constructor.name))].join(', ')}`,
    );
  const stacked = (of: (m: AnyModule) => [string, Tensor][]) => {
    const lists = models.map((m) => new Map(of(m)));
    return Object.fromEntries(
      [...lists[0]].map(([path, x]) => [
        path,
        stackOne(
          path,
          x,
          lists.map((l) => l.get(path)),
        ),
      ]),
    );
  };
  return [stacked((m) => m.namedParameters()), stacked((m) => m.namedBuffers())];
}

function stackOne(path: string, first: Tensor, all: readonly (Tensor | undefined)[]): Tensor {
  all.forEach((x, i) => {
    if (x === undefined || !sameShape(x.sizes, first.sizes) || x.dtype !== first.dtype)
      throw new ValueError(
        `stackModuleState: ${path} of the first module is ${first.dtype} of shape ${formatShape(first.sizes)}, that of ` +
          `module ${i} ${x === undefined ? 'is missing' : `is ${x.dtype} of shape ${formatShape(x.sizes)}`}`,
      );
    if (x.requiresGrad !== first.requiresGrad)
      throw new ValueError(`stackModuleState: ${path} requires a gradient in some modules, and in others not`);
  });
  const stacked = joining.stack(all.map((x) => x!.detach()));
  return first.requiresGrad ? stacked.requiresGrad_() : stacked;
}
