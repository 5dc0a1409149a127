export { gauges, steps, straight, type Table, type TableOptions } from './tables';
