/**
 * The library as it was built when the kernel started. Under its published name there may be another by now; what cells load
 * of it, and what the compiler reads, comes from here.
 */
export interface LibraryBuild {
  /** The folder of the build. */
  folder: string;
  /** The folder in which Node and TypeScript find the library. */
  published: string;
}
