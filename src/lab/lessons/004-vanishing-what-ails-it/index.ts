export { type Chart, charts } from './charts';
export {
  type Illness,
  illnesses,
  lossOf,
  type Patient,
  type PatientOptions,
  patient,
  type Visit,
  visits,
} from './patients';
