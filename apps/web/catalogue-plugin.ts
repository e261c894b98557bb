/** Vite plugin: the module `virtual:catalogue`, read from the packages when the page is built. */
import { FAMILIES } from '@hetconv/conformance';
import { CONV_KINDS, usesPart } from '@hetconv/layers';
import { classificationModels } from '@hetconv/zoo-classification';
import type { Plugin } from 'vite';
import type { Catalogue } from './src/settings/catalogue.ts';

const ID = 'virtual:catalogue';

export function cataloguePlugin(): Plugin {
  const catalogue: Catalogue = {
    models: classificationModels.map(({ name, title }) => ({ name, title })),
    kinds: CONV_KINDS.filter((kind) => kind !== 'standard').map((name) => ({ name, usesPart: usesPart(name) })),
    families: FAMILIES,
  };
  return {
    name: 'hetconv-catalogue',
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load: (id) => (id === `\0${ID}` ? `export const catalogue = ${JSON.stringify(catalogue)};` : undefined),
  };
}
