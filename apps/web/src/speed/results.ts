/** Results of benchmarks: one a network, as they come in or as a file holds them, in the format of `hetconv bench --json`. */
import { type BenchResult, type ModelRow, parseBenchResult, type PerLayer } from '@hetconv/bench';
import { benchSection, benchTitle, embedResult } from '@hetconv/report';
import type { Savable } from '../app/save.ts';
import type { SpeedEvent } from '../worker/protocol.ts';

/** A result and its drawing, made anew only when rows have come. */
export interface Drawn {
  readonly result: BenchResult;
  readonly title: string;
  /** Trusted: @hetconv/report escapes what comes from data. */
  readonly body: string;
}

export function draw(result: BenchResult): Drawn {
  return { result, title: benchTitle(result), body: benchSection(result, document) };
}

export function savable({ result, title, body }: Drawn): Savable {
  const [row] = result.rows;
  const name = 'model' in row ? `bench-${row.model}` : 'bench-layers';
  return { name, title, json: result, body: `${body}\n${embedResult(result)}` };
}

/** The results of a run by network. Rows that come replace those of before: they get surer from block to block. */
export class Incoming {
  #environment: BenchResult['environment'] = {};
  readonly #rows = new Map<string, readonly ModelRow[]>();
  readonly #layers = new Map<string, readonly PerLayer[]>();
  readonly #drawn = new Map<string, Drawn>();

  get drawn(): readonly Drawn[] {
    return [...this.#drawn.values()];
  }

  hear(event: SpeedEvent): void {
    if (event.type === 'environment') this.#environment = event.environment;
    if (event.type === 'rows') this.#rows.set(event.model, event.rows);
    if (event.type === 'layers') {
      const others = (this.#layers.get(event.model) ?? []).filter(({ part }) => part !== event.layers.part);
      this.#layers.set(event.model, [...others, event.layers]);
    }
    if (event.type === 'rows' || event.type === 'layers') this.#draw(event.model);
  }

  #draw(model: string): void {
    const rows = this.#rows.get(model) ?? [];
    const perLayer = this.#layers.get(model);
    if (rows.length === 0) return;
    this.#drawn.set(model, draw({ environment: this.#environment, rows, ...(perLayer && { perLayer }) }));
  }
}

/** Whether a document claims to be a result; {@link parseBenchResult} then says what is wrong with it. */
export function looksLikeResult(document: unknown): boolean {
  return typeof document === 'object' && document !== null && 'rows' in document;
}

/** @throws InvalidArgumentError naming the field */
export function drawDocument(document: unknown): Drawn {
  return draw(parseBenchResult(document));
}
