export * from './activation';
export * from './linear';
export * from './loss';
export * from './normalization';
