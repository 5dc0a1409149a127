// Batching rules of operations for func.vmap.
import './elementwise';
import './reduction';
import './views';
import './products';
import './indexing';
import './networks';
import './random';
