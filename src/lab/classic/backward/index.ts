export { type CountedProducts, countProducts } from './count-products';
export { type BackwardMatrices, type LayerMatrices, type MatricesOptions, matrices } from './matrices';
