/** Generated when the kernel for pages is bundled: the entry points of gradlab. */
declare module 'doors' {
  export const doors: Readonly<Record<string, () => unknown>>;
}
