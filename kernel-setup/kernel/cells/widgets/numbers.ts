// Widgets whose value is between `min` and `max`.
import { shown } from './values';
import { type Origin, type Values, Widget } from './widget';

/** Relative excess over a bound that counts as rounding. */
const rounding = 1e-9;

export class Bounded extends Widget {
  protected override adjusted(changes: Values, origin: Origin): Values {
    const after = { ...this.values, ...changes };
    const [low, high] = this.bounds(after);
    if (low > high)
      throw new RangeError(
        `${this.name}: min ${shown(after.min)} is greater than max ${shown(after.max)}; set({ min, max }) changes both at once`,
      );
    const value = this.fitted(after.value, low, high, 'value' in changes && origin !== 'front end');
    return { ...changes, value };
  }

  /** The lowest and the highest value. */
  protected bounds({ min, max }: Values): [low: number, high: number] {
    return [(min as number | null) ?? -Infinity, (max as number | null) ?? Infinity];
  }

  /** @param strict whether a value out of range throws; otherwise it is clamped */
  protected fitted(value: unknown, low: number, high: number, strict: boolean): unknown {
    return this.fittedNumber(value as number, low, high, strict);
  }

  protected fittedNumber(value: number, low: number, high: number, strict: boolean): number {
    const fitted = Math.min(Math.max(value, low), high);
    if (strict && Math.abs(value - fitted) > rounding * Math.abs(fitted))
      throw new RangeError(`${this.name}: value ${value} is outside the range from ${low} to ${high}`);
    return fitted;
  }
}

/** Bounds are exponents. */
export class BoundedLog extends Bounded {
  protected override bounds({ min, max, base }: Values): [number, number] {
    return [(base as number) ** (min as number), (base as number) ** (max as number)];
  }
}

/** The value is a lower and an upper number. */
export class BoundedRange extends Bounded {
  protected override adjusted(changes: Values, origin: Origin): Values {
    if (origin !== 'new' || 'value' in changes) return super.adjusted(changes, origin);
    const { min, max } = { ...this.values, ...changes } as { min: number; max: number };
    const whole = this.model.attributes.get('min')!.type === 'int';
    // The middle half of the range.
    const value = [0.25, 0.75].map((t) => (whole ? Math.trunc : Number)(min + t * (max - min)));
    return { ...super.adjusted(changes, origin), value: Object.freeze(value) };
  }

  protected override fitted(value: unknown, low: number, high: number, strict: boolean): unknown {
    const kind = this.model.attributes.get('min')!.type === 'int' ? Number.isInteger : Number.isFinite;
    if (!Array.isArray(value) || value.length !== 2 || !value.every(kind))
      throw new TypeError(
        `${this.name}: value takes two ${kind === Number.isInteger ? 'whole ' : ''}numbers, the lower and the upper, not ${shown(value)}`,
      );
    const [lower, upper] = value as number[];
    if (lower > upper)
      throw new RangeError(`${this.name}: value has its lower number ${lower} above its upper number ${upper}`);
    return Object.freeze([lower, upper].map((v) => this.fittedNumber(v, low, high, strict)));
  }
}
