/** A lit directive for `.value` of fields: a redraw, which comes at any time while something runs, leaves alone what a person is typing. */
import { noChange } from 'lit-html';
import { Directive, directive, type DirectiveResult, type PropertyPart } from 'lit-html/directive.js';

class KeptWhileTyping extends Directive {
  override render(value: string): string {
    return value;
  }

  override update({ element }: PropertyPart, [value]: [string]): typeof noChange {
    const field = element as HTMLInputElement;
    // Set here and not by lit, which would compare with what it set last and not with what stands there.
    if (field !== document.activeElement && field.value !== value) field.value = value;
    return noChange;
  }
}

export const keptWhileTyping: (value: string) => DirectiveResult = directive(KeptWhileTyping);
