import { describe } from '../describe';
import { GradlabError, ValueError } from '../errors';
import { fetched, readBytes as readPlace } from '../platform';

/**
 * Reads the bytes of a file, in Node and in a page (`open(file, 'rb').read()` in Python).
 *
 * @param file its path relative to the notebook's folder (in a script, the working directory), or its address, https://…
 * @example
 * const bytes = await data.readBytes('package.json');
 * bytes[0] === '{'.charCodeAt(0) // true
 * @throws {GradlabError} if it does not exist, or its server does not return it.
 */
export async function readBytes(file: string): Promise<Uint8Array> {
  if (typeof file !== 'string' || file === '')
    throw new ValueError(`readBytes: file is ${describe(file)}; it must be a path or an address`);
  return bytesOf('readBytes', file);
}

/**
 * Reads the text of a UTF-8 file, in Node and in a page (`open(file).read()` in Python). In a notebook, JSON can be imported as
 * well.
 *
 * @param file its path relative to the notebook's folder (in a script, the working directory), or its address, https://…
 * @example
 * const text = await data.readText('package.json');
 * JSON.parse(text).name // 'gradlab'
 * @throws {GradlabError} if it does not exist, or its server does not return it.
 */
export async function readText(file: string): Promise<string> {
  if (typeof file !== 'string' || file === '')
    throw new ValueError(`readText: file is ${describe(file)}; it must be a path or an address`);
  return new TextDecoder().decode(await bytesOf('readText', file));
}

async function bytesOf(name: string, file: string): Promise<Uint8Array> {
  if (/^https?:/.test(file)) return downloaded(name, file);
  let bytes: Uint8Array | undefined;
  try {
    bytes = await readPlace(file);
  } catch (cause) {
    throw new GradlabError(`${name}: ${file} cannot be read: ${reasonOf(cause)}`, { cause });
  }
  if (bytes === undefined)
    throw new GradlabError(`${name}: there is no file ${file}; a path begins at the folder of the notebook`);
  return bytes;
}

/** Returns the message of an error, or the text of another thrown value. @internal */
export const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** Downloads from an address. @internal */
export async function downloaded(name: string, address: string): Promise<Uint8Array> {
  try {
    const answer = await fetched(address);
    if (!answer.ok) throw new Error(`the server answers ${answer.status} ${answer.statusText}`);
    return new Uint8Array(await answer.arrayBuffer());
  } catch (cause) {
    throw new GradlabError(
      `${name}: ${address} could not be downloaded: ${reasonOf(cause)}; a page gets it only from a server that allows requests from other sites (CORS)`,
      { cause },
    );
  }
}
