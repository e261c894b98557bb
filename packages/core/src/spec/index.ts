/** The specification: pure functions of integers and arrays, usable without tfjs. */
export * from './channels.ts';
export * from './costs.ts';
export * from './error-bound.ts';
export * from './geometry.ts';
export * from './initialize.ts';
export * from './plan.ts';
export * from './random.ts';
export * from './reference.ts';
export * from './reference-element.ts';
export * from './weights.ts';
