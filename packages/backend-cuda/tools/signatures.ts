/** From PTX to `src/generated/kernels.ts`: which kernels there are, in which file, and what each takes. */

interface Family {
  readonly family: string;
  readonly text: string;
}

interface Struct {
  readonly name: string;
  /** Fields in order; an array field as `name[8]`. */
  readonly fields: readonly (readonly [name: string, words: number])[];
}

/** What the PTX was made by, and from. */
interface Origin {
  readonly compiler: string;
  readonly digest: string;
}

/** @param header the .cuh file that declares the parameter blocks */
export function describeKernels(families: readonly Family[], header: string, origin: Origin): string {
  const structs = structsOf(header);
  const kernels = families.flatMap(({ family, text }) => {
    return entriesOf(text, structs).map(([name, parameters]) => `  ${name}: ['${family}', '${parameters}'],`);
  });
  return [
    '/** Written by tools/build-ptx.ts from the PTX and kernels/common.cuh: do not edit. */',
    '',
    '/** The nvcc that wrote the PTX. */',
    `export const COMPILER = '${origin.compiler}';`,
    '/** The sources that it was written from: see sourceDigest. */',
    `export const SOURCES = '${origin.digest}';`,
    '',
    '/**',
    ' * Every kernel: the PTX file that has it, and its parameters: `p` a device pointer, `i` an int, `f` a float,',
    ' * a capital letter a parameter block, by the first letter of its name in BLOCKS.',
    ' */',
    'export const KERNELS = {',
    ...kernels,
    '} as const;',
    '',
    '/** Parameter blocks: the fields in order, with the number of 32-bit words of each. */',
    'export const BLOCKS = {',
    ...structs.flatMap(({ name, fields }) => [
      `  ${name}: {`,
      ...fields.map(([field, words]) => `    ${field}: ${words},`),
      '  },',
    ]),
    '} as const;',
    '',
  ].join('\n');
}

function structsOf(header: string): Struct[] {
  const constants = new Map(
    Array.from(header.matchAll(/constexpr int (\w+) = (\d+);/g), ([, name, value]) => [name, Number(value)]),
  );
  const structs = Array.from(
    header.matchAll(/^struct (\w+) \{\n((?: {2}int \w+(?:\[\w+\])?;.*\n)+)\};/gm),
    ([, name, body]) => ({
      name,
      fields: Array.from(body.matchAll(/int (\w+)(?:\[(\w+)\])?;/g), ([, field, length]): [string, number] => [
        field,
        length === undefined ? 1 : (constants.get(length) ?? Number(length)),
      ]),
    }),
  );
  // Offsets, which kernels return, are no parameter; only blocks of distinct sizes can be told apart in PTX.
  return structs.filter(({ fields }) => fields.length > 2);
}

function entriesOf(ptx: string, structs: readonly Struct[]): [name: string, parameters: string][] {
  return Array.from(ptx.matchAll(/\.entry (\w+)\(([^)]*)\)/g), ([, name, list]) => {
    const parameters = list.split(',').map((parameter) => letterOf(name, parameter.trim(), structs));
    return [name, parameters.join('')];
  });
}

function letterOf(kernel: string, parameter: string, structs: readonly Struct[]): string {
  const scalar = /^\.param \.(u64|u32|f32) /.exec(parameter)?.[1];
  if (scalar !== undefined) return { u64: 'p', u32: 'i', f32: 'f' }[scalar] as string;
  const bytes = Number(/\.b8 \w+\[(\d+)\]/.exec(parameter)?.[1]);
  const fitting = structs.filter(({ fields }) => 4 * fields.reduce((sum, [, words]) => sum + words, 0) === bytes);
  if (fitting.length !== 1)
    throw new Error(`${kernel}: '${parameter}' is none of the parameter blocks, or more than one.`);
  return fitting[0].name[0];
}
