/// <reference types="vite/client" />

declare module 'virtual:trained-files' {
  import type { TrainedFiles } from './worker/load-weights.ts';

  /** By the id of the network. */
  export const trainedFiles: Readonly<Record<string, TrainedFiles>>;
}

declare module 'virtual:catalogue' {
  import type { Catalogue } from './settings/catalogue.ts';

  export const catalogue: Catalogue;
}
