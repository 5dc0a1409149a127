export { type Checked, type GradcheckOptions, gradcheck, gradgradcheck } from './gradcheck';
