// What operations do with batched tensors, inside func.vmap.
import './elementwise';
import './reduction';
import './views';
import './products';
import './indexing';
import './networks';
import './random';
