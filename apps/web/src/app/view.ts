/** What a view of the page is, and what the page gives to it. */
import type { TemplateResult } from 'lit-html';
import type { Catalogue } from '../settings/catalogue.ts';
import type { LinkReader } from '../settings/link.ts';
import type { BackendInfo } from '../worker/protocol.ts';
import type { Engine } from '../worker/engine.ts';

export interface View {
  /** Its name in links. */
  readonly id: string;
  readonly title: string;
  readonly isRunning: boolean;
  /** Takes the settings of a link over. */
  open(link: LinkReader): void;
  /** The settings as a link says them, without the view's name. */
  link(): string;
  template(): TemplateResult;
  /** Takes a file that was dropped or chosen. @returns whether it is one for this view */
  take?(file: OpenedFile): boolean;
}

/** A file that a person gave to the page: a picture, or the document of a result. */
export type OpenedFile =
  | { readonly type: 'picture'; readonly name: string; readonly data: Blob }
  | { readonly type: 'result'; readonly name: string; readonly data: unknown };

export interface AppContext {
  readonly engine: Engine;
  readonly catalogue: Catalogue;
  /** Undefined until they have been looked for. */
  readonly backends: readonly BackendInfo[] | undefined;
  /** Settles when the backends have been looked for. */
  readonly found: Promise<void>;
  /** Whether a measurement, a check or a classification is going on, in whichever view. */
  isRunning: boolean;
  /** Draws the page anew, soon. */
  update(): void;
  /** Says something to those who listen to the page rather than look at it. */
  announce(text: string): void;
  /** Says it to everybody, for some seconds. */
  tell(text: string): void;
}
