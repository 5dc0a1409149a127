// Custom operations: what torch.autograd.Function and torch.library.custom_op are for.
export { defineOp, type OwnOp, type OwnPlaces, type WithSaved, withSaved } from './define-op';
