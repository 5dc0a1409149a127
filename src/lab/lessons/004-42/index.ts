export { type AgreementMapOptions, agreementMap } from './agreement-map';
