export { outputOf, places, spreadOf, type TiedNet, type TiedOptions, trainTied } from './tied';
