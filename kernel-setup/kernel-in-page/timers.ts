// Timers of cells in a page, as objects like Node's. A page does not end when no timer is left, so `unref` only changes
// `hasRef`.
type Start = (callback: (...values: unknown[]) => void, ms?: number, ...values: unknown[]) => number;

class Timeout {
  readonly #start: () => number;
  #id: number;
  #keeps = true;

  constructor(start: () => number) {
    this.#start = start;
    this.#id = start();
  }

  /** Restarts the timer, also after it has run. */
  refresh(): this {
    this.close();
    this.#id = this.#start();
    return this;
  }

  ref(): this {
    this.#keeps = true;
    return this;
  }

  unref(): this {
    this.#keeps = false;
    return this;
  }

  hasRef(): boolean {
    return this.#keeps;
  }

  close(): this {
    clearTimeout(this.#id);
    return this;
  }

  /** The id for `clearTimeout`. */
  [Symbol.toPrimitive](): number {
    return this.#id;
  }
}

/** Installs these timers. */
export function installTimers(): void {
  const timer =
    (start: Start) =>
    (callback: (...values: unknown[]) => void, ms?: number, ...values: unknown[]) => {
      if (typeof callback !== 'function')
        throw new TypeError(`a timer calls a function, but this is ${callback === null ? 'null' : typeof callback}`);
      return new Timeout(() => start(callback, ms, ...values));
    };
  const [setTimeout, setInterval] = [globalThis.setTimeout, globalThis.setInterval].map(timer);
  Object.assign(globalThis, {
    setTimeout,
    setInterval,
    setImmediate: (callback: (...values: unknown[]) => void, ...values: unknown[]) =>
      setTimeout(callback, 0, ...values),
  });
}
