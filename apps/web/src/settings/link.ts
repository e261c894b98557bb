/** How settings stand in a link: a query parameter each, lists separated by commas, nothing where it is the default. */
import { parsePart, type PartName } from './part.ts';

/** What a link says, value by value. What it says wrong is collected for the person, and the default is taken. */
export class LinkReader {
  readonly #params: URLSearchParams;
  /** A sentence for each value that could not be used. */
  readonly problems: string[] = [];

  constructor(query: string) {
    this.#params = new URLSearchParams(query);
  }

  /** Values from a fixed list, in its order, at least one. */
  choices<T extends string, F>(name: string, accepted: readonly T[], fallback: F): readonly T[] | F {
    const text = this.#params.get(name);
    if (text === null) return fallback;
    const asked = text.split(',');
    const unknown = asked.filter((value) => accepted.every((one) => one !== value));
    if (unknown.length > 0) this.#refuse(name, unknown.join(','), accepted.join(', '));
    const found = accepted.filter((value) => asked.includes(value));
    return found.length > 0 ? found : fallback;
  }

  choice<T extends string>(name: string, accepted: readonly T[], fallback: T): T {
    return this.choices(name, accepted, [fallback])[0];
  }

  integer(name: string, least: number, most: number, fallback: number): number {
    const text = this.#params.get(name);
    if (text === null) return fallback;
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
    this.#refuse(name, text, `a whole number from ${least} to ${most}`);
    return fallback;
  }

  flag(name: string): boolean {
    return this.#params.get(name) === '1';
  }

  text(name: string, fallback: string): string {
    return this.#params.get(name) ?? fallback;
  }

  parts(name: string, fallback: readonly PartName[]): readonly PartName[] {
    const text = this.#params.get(name);
    if (text === null) return fallback;
    const parts = text.split(',').map(parsePart);
    const known = parts.filter((part) => part !== undefined);
    if (known.length < parts.length) this.#refuse(name, text, 'positive whole numbers or M, separated by commas');
    return known.length > 0 ? [...new Set(known)] : fallback;
  }

  #refuse(name: string, got: string, accepted: string): void {
    this.problems.push(`The link says ${name}=${got}. Accepted: ${accepted}.`);
  }
}

/** The parameters that differ from their defaults, as a query with readable commas. */
export function linkQuery(
  values: Readonly<Record<string, string>>,
  defaults: Readonly<Record<string, string>>,
): string {
  const params = new URLSearchParams(Object.entries(values).filter(([name, value]) => value !== defaults[name]));
  return params.toString().replaceAll('%2C', ',').replaceAll('%2F', '/');
}
