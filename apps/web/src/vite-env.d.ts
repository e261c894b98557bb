/// <reference types="vite/client" />

declare module 'virtual:catalogue' {
  import type { Catalogue } from './settings/catalogue.ts';

  export const catalogue: Catalogue;
}
