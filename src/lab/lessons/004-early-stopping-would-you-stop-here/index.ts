export {
  type Choice,
  choice,
  type FirstRise,
  firstRise,
  type HistoriesOptions,
  type History,
  histories,
  netOf,
  type Rows,
  wavyRows,
} from './histories';
