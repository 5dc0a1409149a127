// Custom operations: the counterpart of torch.autograd.Function and torch.library.custom_op.
export { defineOp, type OwnOp, type OwnPlaces, type WithSaved, withSaved } from './define-op';
