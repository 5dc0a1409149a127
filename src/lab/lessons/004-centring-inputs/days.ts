import type { Generator } from '../../../random';
import { randn } from '../../../tensor/random-creation';

/** A thermometer: its zero, and how many of its degrees equal one degree Celsius. */
export interface Thermometer {
  name: string;
  /** Its zero, in °C. */
  zero: number;
  degrees: number;
}

/** The distance of the thermometer's zero from the mean of {@link iceCream}, in standard deviations. */
export const offsetOf = ({ zero }: Thermometer): number => (20 - zero) / 5;

/**
 * Ice creams sold on forty days. Temperatures are drawn from N(0, 1), then shifted and scaled to mean 20 °C and standard deviation 5.
 * Sales scatter around 100 + 8 for each degree beyond 20. The noise is uncorrelated with the temperature, so that this is the best line.
 */
export function iceCream(options: { generator?: Generator } = {}): { celsius: number[]; sold: number[] } {
  const draw = () => randn([40], { dtype: 'float64', ...options }).tolist() as number[];
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const centred = (values: number[]) => values.map((value) => value - mean(values));
  const raw = centred(draw());
  const spread = Math.sqrt(mean(raw.map((value) => value ** 2)));
  const x = raw.map((value) => value / spread);
  const noise = centred(draw());
  const along = mean(noise.map((value, i) => value * x[i]!));
  return {
    celsius: x.map((value) => 20 + 5 * value),
    sold: x.map((value, i) => 100 + 40 * value + 14 * (noise[i]! - along * value)),
  };
}
