/** The attributes that an operation has by TensorFlow's definition of it, and whether a call gives them in these names and types. */
import type { Attribute } from '../../src/backend.ts';
import { refuse } from './tensor.ts';

/** `TF_AttrType` in c_api.h. */
export const ATTRIBUTE_TYPES = {
  TF_ATTR_STRING: 0,
  TF_ATTR_INT: 1,
  TF_ATTR_FLOAT: 2,
  TF_ATTR_BOOL: 3,
  TF_ATTR_TYPE: 4,
  TF_ATTR_SHAPE: 5,
} as const;

/** As in an operation's definition: `list` are integers. */
export type Kind = 'type' | 'int' | 'list' | 'bool' | 'string' | 'float';

const TYPE_OF: Readonly<Record<Kind, number>> = {
  type: ATTRIBUTE_TYPES.TF_ATTR_TYPE,
  int: ATTRIBUTE_TYPES.TF_ATTR_INT,
  list: ATTRIBUTE_TYPES.TF_ATTR_INT,
  bool: ATTRIBUTE_TYPES.TF_ATTR_BOOL,
  string: ATTRIBUTE_TYPES.TF_ATTR_STRING,
  float: ATTRIBUTE_TYPES.TF_ATTR_FLOAT,
};

const isInteger = (value: unknown): boolean => Number.isInteger(value);

const HOLDS: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  type: isInteger,
  int: isInteger,
  list: (value) => Array.isArray(value) && value.every(isInteger),
  bool: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  float: (value) => typeof value === 'number',
};

export type Attributes = Readonly<Record<string, Attribute['value'] | undefined>>;

/** The values by name. Refuses what the definition does not have, and what is not of its type. */
export function readAttributes(
  operation: string,
  definition: Readonly<Record<string, Kind>>,
  given: readonly Attribute[],
): Attributes {
  for (const { name, type, value } of given) {
    const kind = definition[name];
    if (kind === undefined) refuse(`${operation} has no attribute '${name}'`);
    if (type !== TYPE_OF[kind] || !HOLDS[kind](value)) {
      refuse(`attribute '${name}' of ${operation} is a ${kind}, but was ${JSON.stringify(value)} as type ${type}`);
    }
  }
  return Object.fromEntries(given.map(({ name, value }) => [name, value]));
}
