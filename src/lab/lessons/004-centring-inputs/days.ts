import type { Generator } from '../../../random';
import { randn } from '../../../tensor/random-creation';

/** A thermometer: where its zero lies, and how many of its degrees are one of Celsius. */
export interface Thermometer {
  name: string;
  /** Its zero, in °C. */
  zero: number;
  degrees: number;
}

/** The mean of {@link iceCream}'s days in spreads of the thermometer: how far away its zero is. */
export const offsetOf = ({ zero }: Thermometer): number => (20 - zero) / 5;

/**
 * Ice creams sold on forty days. Temperatures are drawn from N(0, 1), then shifted and stretched so that their mean is 20 °C and
 * their spread 5; what was sold scatters around 100 + 8 for each degree beyond 20, in such a way that this is the best line.
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
