import type { Activations } from './activations';
import type { AddedProducts } from './added-products';
import type { Arithmetic } from './arithmetic';
import type { Bits } from './bits';
import type { BoundForms, Bounds } from './bounds';
import type { Comparison, ComparisonForms } from './comparison';
import type { DiagonalForms, Diagonals } from './diagonals';
import type { Division, DivisionForms } from './division';
import type { Exponential } from './exponential';
import type { Extremes } from './extremes';
import type { Folding } from './folding';
import type { Gathering } from './gather';
import type { Indexing, IndexingForms } from './indexing';
import type { ChoiceForms, Masking } from './masking';
import type { MatrixProducts } from './matmul';
import type { Memory, MemoryForms } from './memory';
import type { NormForms, Norms } from './norms';
import type { Padding } from './padding';
import type { Placing } from './places';
import type { PowerForms, Powers } from './powers';
import type { ProductForms } from './products';
import type { Random } from './random';
import type { Rearranging, RearrangingForms } from './rearranging';
import type { Rectifiers } from './rectifiers';
import type { Reduction, ReductionForms } from './reduction';
import type { Rounding } from './rounding';
import type { Scan, ScanForms } from './scan';
import type { Scattering } from './scatter';
import type { ReducingAt } from './scatter-reduce';
import type { Searching } from './searching';
import type { Selection } from './selection';
import type { Softmax } from './softmax';
import type { Sorting, SortingForms } from './sorting';
import type { Special } from './special';
import type { Splitting, SplittingForms } from './splitting';
import type { StatisticForms, Statistics } from './statistics';
import type { Strided } from './strided';
import type { Trigonometry } from './trigonometry';
import type { ViewForms } from './view-forms';
import type { Views } from './views';
import type { WindowForms, Windows } from './windows';
import './arithmetic';
import './division';
import './powers';
import './exponential';
import './trigonometry';
import './rounding';
import './bounds';
import './special';
import './activations';
import './rectifiers';
import './comparison';
import './bits';
import './masking';
import './memory';
import './reduction';
import './extremes';
import './selection';
import './statistics';
import './norms';
import './scan';
import './sorting';
import './searching';
import './views';
import './view-forms';
import './strided';
import './diagonals';
import './windows';
import './rearranging';
import './padding';
import './folding';
import './indexing';
import './places';
import './gather';
import './scatter';
import './scatter-reduce';
import './joining';
import './splitting';
import './matmul';
import './products';
import './added-products';
import './softmax';
import './random';

export type { Index } from './index-entries';

/** Every operation that is a method of a tensor: the one list of the families. */
export interface TensorOps
  extends Arithmetic,
    Division,
    DivisionForms,
    Powers,
    PowerForms,
    Exponential,
    Trigonometry,
    Rounding,
    Bounds,
    BoundForms,
    Special,
    Activations,
    Rectifiers,
    Comparison,
    ComparisonForms,
    Bits,
    Masking,
    ChoiceForms,
    Memory,
    MemoryForms,
    Random,
    Reduction,
    ReductionForms,
    Extremes,
    Selection,
    Statistics,
    StatisticForms,
    Norms,
    NormForms,
    Scan,
    ScanForms,
    Searching,
    Sorting,
    SortingForms,
    Views,
    ViewForms,
    Diagonals,
    DiagonalForms,
    Windows,
    WindowForms,
    Rearranging,
    RearrangingForms,
    Padding,
    Folding,
    Indexing,
    IndexingForms,
    Placing,
    Gathering,
    Scattering,
    ReducingAt,
    Splitting,
    SplittingForms,
    MatrixProducts,
    AddedProducts,
    ProductForms,
    Softmax,
    Strided {}
