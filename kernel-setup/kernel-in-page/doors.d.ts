/** Made when the kernel for pages is bundled: what `import` of each name of gradlab gives in a cell. */
declare module 'doors' {
  export const doors: Readonly<Record<string, () => unknown>>;
}
