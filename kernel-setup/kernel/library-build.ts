/**
 * The build of the library with which the kernel started. Cells and the compiler use it, even if a newer build has been
 * published since.
 */
export interface LibraryBuild {
  /** The folder of the build. */
  folder: string;
  /** The folder in which Node and TypeScript resolve the library. */
  published: string;
}
