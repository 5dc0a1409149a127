/** Returns documentation with the links of TSDoc as names in code. */
export const withoutLinks = (doc) => doc.replace(/\{@link\s+(?:\w+\.)*(\w+)\s*\}/g, '`$1`');
