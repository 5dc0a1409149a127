import { describe } from '../describe';
import { ValueError } from '../errors';
import { Tensor, type TensorList } from '../tensor/tensor';
import { DictCollection, ListCollection, notCallable } from './collections';
import { isParameter, Parameter } from './parameter';

/** Tensors become parameters. */
function acceptedParameter(kind: string, name: string, value: Tensor): Parameter {
  if (!(value instanceof Tensor)) throw new ValueError(`${kind}: entry ${name} is ${describe(value)}, not a tensor`);
  return isParameter(value) ? value : new Parameter(value);
}

/** One line for each parameter. */
function parameterLines(entries: readonly (readonly [string, Tensor])[]): string {
  return entries
    .map(([name, p]) => `  (${name}): Parameter containing: [${p.dtype} of size ${p.shape.join('x')}]`)
    .join('\n');
}

/**
 * A list of parameters that are found (`torch.nn.ParameterList`); tensors become parameters.
 * @throws {ValueError} if an entry is not a tensor.
 */
export class ParameterList extends ListCollection<Tensor> {
  constructor(values: TensorList = []) {
    super();
    this.extend(values);
  }

  /** @internal */
  protected acceptedEntry(name: string, value: Tensor): Parameter {
    return acceptedParameter('ParameterList', name, value);
  }

  forward(): never {
    return notCallable('ParameterList');
  }

  override extraRepr(): string {
    return parameterLines(this.heldEntries);
  }
}

/**
 * Parameters by name that are found (`torch.nn.ParameterDict`); tensors become parameters.
 * @throws {ValueError} if an entry is not a tensor, or a name is taken by a member of every module.
 */
export class ParameterDict extends DictCollection<Tensor> {
  constructor(values: Readonly<Record<string, Tensor>> | Iterable<readonly [string, Tensor]> = {}) {
    super();
    this.update(values);
  }

  /** @internal */
  protected acceptedEntry(name: string, value: Tensor): Parameter {
    return acceptedParameter('ParameterDict', name, value);
  }

  forward(): never {
    return notCallable('ParameterDict');
  }

  override extraRepr(): string {
    return parameterLines(this.heldEntries);
  }
}
