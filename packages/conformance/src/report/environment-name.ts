/** An environment in a few words, as a column needs it. */
import type { Environment } from '../environment.ts';

/** In this order: Edge calls itself Chrome too, Chrome calls itself Safari. */
const BROWSERS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/Edg\/(\d+)/, 'Edge'],
  [/Firefox\/(\d+)/, 'Firefox'],
  [/Chrom(?:e|ium)\/(\d+)/, 'Chromium'],
  [/Version\/(\d+).* Safari\//, 'Safari'],
];

/** `Node 24.21.0 on linux x64`, `Chromium 156 on Linux x86_64`. */
export function environmentName({ runtime, platform }: Environment): string {
  return `${runtimeName(runtime)} on ${platform}`;
}

function runtimeName(runtime: string): string {
  const node = /^Node [\d.]+/.exec(runtime);
  if (node !== null) return node[0];
  for (const [pattern, name] of BROWSERS) {
    const version = pattern.exec(runtime)?.[1];
    if (version !== undefined) return `${name} ${version}`;
  }
  return runtime;
}
