/**
 * What the page asks of its worker and what comes back: plain data both ways. A network travels as what it is made from (name,
 * kind, P, seed), so that every backend, and the command line, builds the same graph with the same weights.
 */
import type { ModelRow, PerLayer } from '@hetconv/bench';
import type { ConformanceReport, Family } from '@hetconv/conformance';
import type { ConvKind } from '@hetconv/layers';
import type { PartName } from '../settings/part.ts';

export type Facts = Readonly<Record<string, string | number | boolean>>;

export interface BackendInfo {
  readonly name: string;
  readonly available: boolean;
  /** Why it is not available. */
  readonly reason?: string;
  /** True where a GPU backend runs on a software rasteriser, whose speed says little of a GPU. */
  readonly isSoftware: boolean;
  /** What the backend tells of itself: instruction set, threads, adapter. */
  readonly facts: Facts;
}

export interface Progress {
  readonly type: 'progress';
  /** What is being done, for a person: `cpu: comparing outputs`. */
  readonly stage: string;
  readonly loaded: number;
  readonly total: number;
}

export interface SpeedRequest {
  readonly models: readonly string[];
  readonly kinds: readonly ConvKind[];
  readonly parts: readonly PartName[];
  readonly backends: readonly string[];
  readonly seed: string;
  readonly folded: boolean;
  /** Whether every distinct layer of the HetConv networks is measured, too. */
  readonly perLayer: boolean;
  readonly blocks: number;
  /** After this many milliseconds no further round begins, a network or layer and backend. */
  readonly budgetMs: number;
}

export type SpeedEvent =
  | Progress
  | { readonly type: 'environment'; readonly environment: Readonly<Record<string, unknown>> }
  /** All rows of a network as far as they are known. */
  | { readonly type: 'rows'; readonly model: string; readonly rows: readonly ModelRow[] }
  /** All rows of the layers of a network at one P as far as they are known. */
  | { readonly type: 'layers'; readonly model: string; readonly layers: PerLayer }
  /** A backend that was left out, and why. The others go on. */
  | { readonly type: 'problem'; readonly message: string };

export interface ConformanceRequest {
  readonly backends: readonly string[];
  /** Undefined: all. */
  readonly families: readonly Family[] | undefined;
  readonly seed: number;
}

export interface ConformanceEvent extends Progress {
  readonly backend: string;
  /** The family of the case that was run last. */
  readonly family: Family;
  readonly failed: number;
}

/** One picture as bytes: [height, width, 3]. */
export interface Picture {
  readonly height: number;
  readonly width: number;
  readonly pixels: Uint8Array;
}

export interface ClassifyRequest {
  readonly model: string;
  readonly kind: ConvKind;
  readonly part: PartName;
  /** Trained weights by their id in the catalogue; null for seeded ones, untrained. */
  readonly trained: string | null;
  readonly backends: readonly string[];
  /** Of untrained weights. */
  readonly seed: string;
  readonly picture: Picture;
}

/** What one backend makes of a picture. */
export interface Classification {
  readonly backend: string;
  readonly probabilities: readonly number[];
  /** The first prediction: weights moved, kernels compiled. */
  readonly firstRunMs: number;
  readonly medianMs: number;
  /** Largest |output - output of the first backend|, relative to the largest output of that. */
  readonly difference: number;
}

export type ClassifyEvent =
  | Progress
  | { readonly type: 'classified'; readonly classification: Classification }
  | { readonly type: 'problem'; readonly message: string };

export interface Classified {
  /** What the classes are called; null where the weights are untrained and the classes mean nothing. */
  readonly classes: readonly string[] | null;
  /** Where the weights come from, for a person. */
  readonly weights: string;
  /** Differences up to this are rounding. */
  readonly tolerance: number;
}

/** Every task: what it takes, what it tells on its way, what it gives. */
export interface Tasks {
  backends: { request: null; event: never; result: readonly BackendInfo[] };
  speed: { request: SpeedRequest; event: SpeedEvent; result: null };
  conformance: { request: ConformanceRequest; event: ConformanceEvent; result: ConformanceReport };
  classify: { request: ClassifyRequest; event: ClassifyEvent; result: Classified };
  samples: { request: { readonly count: number }; event: never; result: readonly Sample[] };
}

/** A real image that comes with the page. */
export interface Sample {
  readonly name: string;
  readonly picture: Picture;
}

export type TaskName = keyof Tasks;

export interface TaskMessage {
  readonly task: TaskName;
  readonly request: unknown;
}

export type Reply =
  | { readonly type: 'event'; readonly event: unknown }
  | { readonly type: 'result'; readonly result: unknown }
  | { readonly type: 'error'; readonly message: string };
