/** Finds the kernels of a preprocessed .cu file, those that macros have made among them. */

/** @param source what the preprocessor gives with EMULATOR_LIST_KERNELS, where `__global__` is EMULATED_KERNEL */
export function kernelNames(source: string): string[] {
  return Array.from(source.matchAll(/\bEMULATED_KERNEL\s+void\s+(\w+)\s*\(/g), ([, name]) => name);
}
