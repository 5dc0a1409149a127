/** `Jupyter.install`: a page has no npm. */
export const install = (name = 'name'): Promise<void> =>
  Promise.reject(
    new Error(
      `A page installs nothing: import the package by its address, \`await import("https://esm.sh/${name}")\`.`,
    ),
  );
