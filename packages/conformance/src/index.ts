/** Proves that a tfjs backend computes HetConv right: cases as data, a float64 oracle, derived bounds, one report. */
export { runConformance } from './run/run-conformance.ts';
export type { ConformanceOptions } from './run/options.ts';
export type { ConformanceProgress } from './run/run-backend.ts';
export type { KnownGap } from './gaps/known-gap.ts';
export { composedGaps, stockWasmGaps } from './gaps/built-in.ts';
export {
  deviceText,
  gapReasons,
  messageOf,
  type Reason,
  replayCommand,
  simplestFailure,
  skipReasons,
} from './report/failures.ts';
export { environmentName } from './report/environment-name.ts';
export { joinReports } from './report/join.ts';
export { toJUnit } from './report/junit.ts';
export { toMarkdown } from './report/markdown.ts';
export {
  type CellState,
  matrix,
  type Matrix,
  type MatrixCell,
  type MatrixColumn,
  type MatrixRow,
} from './report/matrix.ts';
export type {
  BackendReport,
  CaseFailure,
  GapReport,
  CaseSkip,
  ConformanceReport,
  Counts,
  VariantReport,
} from './report/report.ts';
export type { DeviceFacts } from './run/device.ts';
export { environment, type Environment } from './environment.ts';
export { type BuildOptions, buildCases, DEFAULT_SEED } from './cases/build.ts';
export {
  type AdjointCase,
  type CasePass,
  type CaseSet,
  type ConformanceCase,
  type Differentiable,
  type ErrorCase,
  FAMILIES,
  type Family,
  type FormatCase,
  type FusedSpec,
  type GradientCase,
  type IdentityCase,
  type LayerCase,
  type MemoryCase,
  type SharingCase,
  type MetamorphicCase,
  type PassCase,
  type PassesCase,
  type ResourceCase,
  SETS,
  type SpecialValue,
  type ValueStyle,
} from './cases/case.ts';
export type { NamedLayer } from './cases/families/layers.ts';
export type { ErrorArgument, ErrorCall } from './cases/error-call.ts';
export { describeConformance, type TestContext, type TestFunctions } from './vitest.ts';
