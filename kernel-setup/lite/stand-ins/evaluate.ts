// A sourceURL with a blank in it is none to V8: `Cell [3]` is `Cell_[3]` to the engine, which frames.ts knows.
export const functionOf = (head: string, text: string, file: string): unknown =>
  // biome-ignore lint/complexity/noCommaOperator: evaluated like this it sees global names only
  // biome-ignore lint/security/noGlobalEval: to run what the reader has typed is what a kernel is for
  (0, eval)(`${head}${text.replace(/\n\/\/# sourceMappingURL=\S+/, '')}\n//# sourceURL=${file.replace(' ', '_')}`);
