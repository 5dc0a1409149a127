import { inspect } from '../platform';

/**
 * One output in several formats: MIME type to content. Text formats hold a string, images base64 text, and types that end in
 * `json` the JSON value itself. A front end shows the richest format it knows.
 */
export interface MimeBundle {
  [mimeType: string]: unknown;
}

/** The method a front end calls on a value to show it: `Symbol.for('Jupyter.display')`, Deno's convention. */
export const displaySymbol: unique symbol = Symbol.for('Jupyter.display');

/** A value with its own display in a notebook. If it returns no bundle, it has sent its output itself. */
export interface Displayable {
  [displaySymbol](): MimeBundle | Promise<MimeBundle> | undefined;
}

/** Whether `value` implements {@link Displayable}. */
export function isDisplayable(value: unknown): value is Displayable {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return isObject && typeof (value as Partial<Displayable>)[displaySymbol] === 'function';
}

/** The text of a bundle: its `text/plain`, else its Markdown, else the list of its types. */
export function plainText(bundle: MimeBundle): string {
  const text = bundle['text/plain'] ?? bundle['text/markdown'];
  return typeof text === 'string' ? text : `[${Object.keys(bundle).join(', ')}]`;
}

/**
 * Returns the display of a value: the bundle of a {@link Displayable} (or a promise of it), a string unchanged, and anything
 * else as Node's `util.inspect` prints it.
 */
export function bundleOf(value: unknown): ReturnType<Displayable[typeof displaySymbol]> {
  if (isDisplayable(value)) return value[displaySymbol]();
  return { 'text/plain': typeof value === 'string' ? value : inspect(value) };
}

/**
 * Base of classes with a richer display than text. A subclass implements `mimeBundle()`. The two hooks of front ends follow
 * from it: `Symbol.for('Jupyter.display')`, and the text for `console.log` and stock tslab.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the class has the method
export abstract class RichOutput implements Displayable {
  /** The formats of this value; `text/plain` should always be among them. */
  abstract mimeBundle(): MimeBundle;

  /** @internal */
  [displaySymbol](): MimeBundle {
    return this.mimeBundle();
  }

  /** The notebook's description of a variable with it. @internal */
  [Symbol.for('Jupyter.summary')](): string {
    return this.toString();
  }

  /** @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  toString(): string {
    return plainText(this.mimeBundle());
  }
}

// Merged with the class, because a declaration generated from one file omits members with computed names.
export interface RichOutput {
  [displaySymbol](): MimeBundle;
}
