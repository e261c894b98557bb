/**
 * What the command asks of a page, and what comes back: plain JSON both ways. A network travels as the address of its files, so
 * that the page runs the same graph with the same weights, whatever they come from; images and outputs travel as bytes.
 */
import type { BenchOptions, Environment, LayerRequest, LayerRow, ModelRow } from '@hetconv/bench';
import type { ConformanceOptions, ConformanceReport } from '@hetconv/conformance';
import type { Availability } from '@hetconv/core';

/** Float32 values, base64. */
export type Floats = string;

export type Timing = Pick<BenchOptions, 'blocks' | 'minRounds' | 'maxRounds' | 'budgetMs'>;

/** A `ModelRequest` of @hetconv/bench. */
export interface PageModels {
  readonly name: string;
  /** Where the page finds the model.json of the standard twin. */
  readonly standard: string;
  readonly networks: readonly { readonly kind: string; readonly part: number | string; readonly url: string }[];
  readonly images: { readonly shape: readonly [number, number, number, number]; readonly values: Floats };
  readonly labels?: readonly number[];
  readonly batch: number;
  readonly reference: { readonly backend: string; readonly outputs: readonly Floats[] };
}

/** What the page does, by name: argument and result of each. */
export interface PageTasks {
  prepare(backend: string): Promise<Availability>;
  describe(backends: readonly string[]): Promise<PageEnvironment>;
  conformance(
    request: { readonly backends: readonly string[] } & Pick<
      ConformanceOptions,
      'families' | 'set' | 'caseId' | 'seed' | 'bail'
    >,
  ): Promise<ConformanceReport>;
  layers(request: {
    readonly backends: readonly string[];
    readonly layers: readonly LayerRequest[];
    readonly timing: Timing;
  }): Promise<LayerRow[]>;
  models(request: {
    readonly backends: readonly string[];
    readonly models: PageModels;
    readonly timing: Timing;
  }): Promise<ModelRow[]>;
}

export interface PageEnvironment {
  readonly page: Environment;
  readonly backends: Readonly<Record<string, Environment>>;
}

export interface PageProgress {
  readonly stage: string;
  readonly loaded: number;
  readonly total: number;
}

declare global {
  /** The page sets it when it is ready. */
  var hetconvTasks: PageTasks | undefined;
  /** The command sets it. */
  function hetconvProgress(progress: PageProgress): Promise<void>;
}

export function encodeFloats(values: Float32Array): Floats {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let text = '';
  for (let start = 0; start < bytes.length; start += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  }
  return btoa(text);
}

/** Arguments that a call takes at once. */
const CHUNK = 0x8000;

export function decodeFloats(values: Floats): Float32Array {
  return new Float32Array(Uint8Array.from(atob(values), (character) => character.charCodeAt(0)).buffer);
}
