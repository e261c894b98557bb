/** The backends of the page, in the order in which they are shown. The first one that is chosen is the reference of the others. */
export const BACKEND_NAMES = ['cpu', 'wasm', 'webgl', 'webgpu'] as const;

export type BackendName = (typeof BACKEND_NAMES)[number];
