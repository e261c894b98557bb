/**
 * How Chromium is started: quiet, and with a GPU or with its software rasteriser (SwiftShader) in a GPU's place.
 * Whichever is asked for, the page reports the adapter that it got: figures are labelled by that, not by these flags.
 */
import { readdirSync } from 'node:fs';

export type Rendering = 'hardware' | 'software';

/** No network of its own, no first-run pages, no slowing down of a page that nobody looks at. */
const ALWAYS: readonly string[] = [
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-quic',
  '--disable-sync',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--ignore-gpu-blocklist',
  '--enable-unsafe-webgpu',
];

/** All of them together: with fewer, tfjs's WebGPU reads back wrong numbers without an exception, then the GPU process dies. */
const SOFTWARE: readonly string[] = [
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  '--use-webgpu-adapter=swiftshader',
];

/** Elsewhere the defaults find the GPU; on Linux without a display Vulkan has to be asked for. */
const HARDWARE_LINUX: readonly string[] = [
  '--use-angle=vulkan',
  '--enable-features=Vulkan',
  '--disable-vulkan-surface',
];

export interface LaunchContext {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
  /** Names in /dev and /dev/dri. */
  readonly devices: readonly string[];
}

/** HETCONV_RENDERING decides where it is set ('hardware' or 'software'); otherwise a GPU is used where there is one. */
export function renderingOf({ platform, env, devices }: LaunchContext = machine()): Rendering {
  const chosen = env.HETCONV_RENDERING;
  if (chosen === 'hardware' || chosen === 'software') return chosen;
  if (platform !== 'linux') return 'hardware';
  return devices.some((name) => /^(renderD\d+|nvidia\d+)$/.test(name)) ? 'hardware' : 'software';
}

export function launchFlags(context: LaunchContext = machine()): string[] {
  const hardware = context.platform === 'linux' ? HARDWARE_LINUX : [];
  return [
    ...ALWAYS,
    ...(renderingOf(context) === 'software' ? SOFTWARE : hardware),
    // Chromium's sandbox refuses to run as root, which is what containers run as.
    ...(context.isRoot ? ['--no-sandbox'] : []),
  ];
}

function machine(): LaunchContext {
  return {
    platform: process.platform,
    env: process.env,
    isRoot: process.getuid?.() === 0,
    devices: [...namesIn('/dev'), ...namesIn('/dev/dri')],
  };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
