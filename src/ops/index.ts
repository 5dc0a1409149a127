import type { Arithmetic, ArithmeticForms } from './arithmetic';
import type { Comparison } from './comparison';
import type { ExtremeForms, Extremes } from './extremes';
import type { Indexing, IndexingForms } from './indexing';
import type { Splitting, SplittingForms } from './joining';
import type { MatrixProducts } from './matmul';
import type { Memory, MemoryForms } from './memory';
import type { Pointwise } from './pointwise';
import type { Reduction, ReductionForms } from './reduction';
import type { Softmax } from './softmax';
import type { Strided } from './strided';
import type { ViewForms, Views } from './views';
import './arithmetic';
import './pointwise';
import './comparison';
import './memory';
import './reduction';
import './extremes';
import './views';
import './strided';
import './indexing';
import './joining';
import './matmul';
import './softmax';

export type { Index } from './index-entries';

/** Every operation that is a method of a tensor: the one list of the families. */
export interface TensorOps
  extends Arithmetic,
    ArithmeticForms,
    Pointwise,
    Comparison,
    Memory,
    MemoryForms,
    Reduction,
    ReductionForms,
    Extremes,
    ExtremeForms,
    Views,
    ViewForms,
    Indexing,
    IndexingForms,
    Splitting,
    SplittingForms,
    MatrixProducts,
    Softmax,
    Strided {}
