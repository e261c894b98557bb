/**
 * Compares the prototypes of src/driver/api.ts with NVIDIA's cuda.h: writes a C++ file that compiles only where every function has as
 * many parameters, of the same sizes.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PROTOTYPES } from '../src/driver/api.ts';

const FOLDERS = ['/usr/local/cuda/include', '/opt/cuda/include', '/usr/include'];

/** Where cuda.h is, if it is, and g++ to read it. */
export function headerFolder(): string | undefined {
  const hasCompiler = spawnSync('g++', ['--version']).status === 0;
  return hasCompiler ? FOLDERS.find((folder) => existsSync(join(folder, 'cuda.h'))) : undefined;
}

/** A handle is a pointer in the header and an integer of its size here. */
export function headerCheck(): string {
  const lines = Object.values(PROTOTYPES).map((prototype) => {
    const [, name, list] = /^int (\w+)\((.*)\)$/.exec(prototype) ?? [];
    const sizes = list === '' ? [] : list.split(', ').map(sizeOf);
    return `static_assert(matches<${sizes.join(', ')}>(&${name}), "${name}");`;
  });
  return `${PREAMBLE}${lines.join('\n')}\nint main() {}\n`;
}

function sizeOf(parameter: string): string {
  if (parameter.includes('*')) return 'sizeof(void *)';
  return `sizeof(${parameter.split(' ')[0]})`;
}

// The header renames functions by macro: that is how `cuMemAlloc` is found to be `cuMemAlloc_v2`. Here the names are spelled out.
const PREAMBLE = `#include <cstddef>
#include <cstdint>
#include <cuda.h>
template <size_t... Sizes, class Result, class... Parameters>
constexpr bool matches(Result (*)(Parameters...)) {
  if constexpr (sizeof...(Sizes) != sizeof...(Parameters)) return false;
  else return sizeof(Result) == sizeof(int) && ((Sizes == sizeof(Parameters)) && ...);
}
template <class Result>
constexpr bool matches(Result (*)()) { return sizeof(Result) == sizeof(int); }
`;
