/** One task of a view from its start button to its end: what it is doing, how it ended. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { StoppedError } from '../worker/engine.ts';
import type { Progress, TaskName, Tasks } from '../worker/protocol.ts';
import type { AppContext } from './view.ts';

type State = 'idle' | 'running' | 'done' | 'stopped' | 'failed';

export class Run<Name extends TaskName> {
  readonly #context: AppContext;
  readonly #task: Name;
  state: State = 'idle';
  #progress: Progress | undefined;
  #message = '';
  /** What went wrong with a part of the task while the rest went on. */
  #problems: string[] = [];

  constructor(context: AppContext, task: Name) {
    this.#context = context;
    this.#task = task;
  }

  get isRunning(): boolean {
    return this.state === 'running';
  }

  /** @returns what the task gives; undefined where it was stopped or failed, which the panel then says */
  async start(
    request: Tasks[Name]['request'],
    onEvent: (event: Tasks[Name]['event']) => void,
  ): Promise<Tasks[Name]['result'] | undefined> {
    const context = this.#context;
    if (context.isRunning) return undefined;
    context.isRunning = true;
    this.state = 'running';
    this.#progress = undefined;
    this.#message = '';
    this.#problems = [];
    context.announce('Started.');
    try {
      const result = await context.engine.run(this.#task, request, (event) => {
        this.#hear(event);
        onEvent(event);
        context.update();
      });
      this.state = 'done';
      context.announce('Finished.');
      return result;
    } catch (error) {
      this.state = error instanceof StoppedError ? 'stopped' : 'failed';
      this.#message = error instanceof Error ? error.message : String(error);
      context.announce(this.#message);
      return undefined;
    } finally {
      context.isRunning = false;
      context.update();
    }
  }

  #hear(event: { readonly type: string }): void {
    if (event.type === 'problem') this.#problems.push((event as { readonly message: string } & typeof event).message);
    if (event.type !== 'progress') return;
    const progress = event as Progress;
    if (progress.stage !== this.#progress?.stage) this.#context.announce(progress.stage);
    this.#progress = progress;
  }

  /**
   * Start and stop, what is being done, what went wrong. As high when nothing runs as when something does.
   *
   * @param hindrance why it cannot start now
   */
  panel(label: string, onStart: () => void, hindrance?: string): TemplateResult {
    const other = this.#context.isRunning && !this.isRunning ? 'Another run is going on.' : undefined;
    const reason = hindrance ?? other;
    const { loaded, total, stage } = this.#progress ?? { loaded: 0, total: 1, stage: 'Starting' };
    return html`
      <div class="run">
        <button type="button" class="start" ?disabled=${this.isRunning || reason !== undefined} @click=${onStart}>
          ${label}
        </button>
        <button type="button" ?disabled=${!this.isRunning} @click=${() => this.#context.engine.stop()}>Stop</button>
        <div class="progress">
          ${
            this.isRunning
              ? html`<progress aria-label="Progress" max=${Math.max(total, 1)} .value=${loaded}></progress>
                  <p><span>${stage}</span> <span class="count">${loaded} of ${total}</span></p>`
              : html`<p>${reason ?? this.#message}</p>`
          }
        </div>
      </div>
      ${
        this.#problems.length === 0
          ? nothing
          : html`<ul class="problems">
              ${this.#problems.map((problem) => html`<li>${problem}</li>`)}
            </ul>`
      }
    `;
  }
}
