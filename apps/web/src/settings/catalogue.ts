/** What there is to choose from. The build reads it from the packages, so that it cannot drift and the page need not load them. */
import type { ConvKind } from '@hetconv/layers';
import type { Family } from '@hetconv/conformance';

export interface Catalogue {
  readonly models: readonly { readonly name: string; readonly title: string }[];
  /** Kinds of convolution that are measured against the standard one. */
  readonly kinds: readonly { readonly name: ConvKind; readonly usesPart: boolean }[];
  readonly families: readonly Family[];
}
