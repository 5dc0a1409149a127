// The packages that JupyterLab shares with its extensions.

/** By package and version, as module federation has it. */
export type ShareScope = Record<string, Record<string, { get(): unknown }>>;

let shareScope: ShareScope = {};

export function init(scope: ShareScope): void {
  shareScope = scope;
}

/** Whether the application shares a package: Voila shares fewer. */
export const isShared = (packageName: string): boolean => shareScope[packageName] !== undefined;

/** Gives a package that the application shares. */
export type Shared = <Package>(packageName: string) => Promise<Package>;

/** The newest copy of a package that the application shares. */
export async function shared<Package>(packageName: string): Promise<Package> {
  const versions = shareScope[packageName]!;
  const byNumber = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });
  const newest = Object.keys(versions).sort(byNumber).at(-1)!;
  const factory = (await versions[newest]!.get()) as () => Package;
  return factory();
}
