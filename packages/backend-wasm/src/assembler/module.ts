/** A module: functions over one imported memory. No data, no globals, no table, no stack of its own. */
import { type Scope, VALUE_TYPES, type ValueType } from './control.ts';
import { type Code, sized, text, unsigned, vector } from './encoding.ts';

export interface FunctionSource {
  readonly scope: Scope;
  readonly body: Code;
  /** Exported under this name; internal without one. */
  readonly name?: string;
}

/** Where the imported memory is looked up. */
export const MEMORY_IMPORT = { module: 'tfjs', name: 'memory' } as const;

const MAX_PAGES = 65536;
/** "\0asm", version 1. */
const MAGIC = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** @param shared whether the memory is a shared one: the type of an import must say so */
export function assemble(functions: readonly FunctionSource[], shared: boolean): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ scope }) => [0x60, ...vector(scope.params.map(typeCode)), 0]);
  const memory = shared ? [0x02, 0x03, 0, ...unsigned(MAX_PAGES)] : [0x02, 0x00, 0];
  const exported = functions.flatMap(({ name }, index) => (name === undefined ? [] : [{ name, index }]));
  return Uint8Array.from([
    ...MAGIC,
    ...section(1, vector(types)),
    ...section(2, vector([[...text(MEMORY_IMPORT.module), ...text(MEMORY_IMPORT.name), ...memory]])),
    ...section(3, vector(functions.map((_, index) => unsigned(index)))),
    ...section(7, vector(exported.map(({ name, index }) => [...text(name), 0x00, ...unsigned(index)]))),
    ...section(10, vector(functions.map(({ scope, body }) => sized([...localsOf(scope), ...body, 0x0b])))),
  ]);
}

const section = (id: number, content: Code): Code => [id, ...sized(content)];
const typeCode = (type: ValueType): Code => [VALUE_TYPES[type]];
const localsOf = (scope: Scope): Code => vector(scope.locals.map((type) => [1, ...typeCode(type)]));
