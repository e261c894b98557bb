/** Marks in the stream: to wait for what was queued so far without blocking the event loop, and to time it. */
import type { DriverApi, Handle, Out } from '../driver/api.ts';
import { NOT_READY, SUCCESS } from '../driver/result.ts';

/** Polls that only let other callbacks run; after these the event loop is given a rest in between. */
const EAGER_POLLS = 100;

export class Events {
  readonly #api: DriverApi;
  readonly #stream: Handle;
  readonly #check: (code: number, what: string) => void;
  readonly #idle: Handle[] = [];

  constructor(api: DriverApi, stream: Handle, check: (code: number, what: string) => void) {
    this.#api = api;
    this.#stream = stream;
    this.#check = check;
  }

  /** A mark behind everything that is in the stream now. */
  record(): Handle {
    const event = this.#idle.pop() ?? this.#create();
    this.#check(this.#api.cuEventRecord(event, this.#stream), 'recording an event');
    return event;
  }

  /** Settles when the device has come to the mark. */
  async reached(event: Handle): Promise<void> {
    for (let poll = 0; ; poll++) {
      const code = this.#api.cuEventQuery(event);
      if (code === SUCCESS) return;
      if (code !== NOT_READY) this.#check(code, 'waiting for the device');
      await new Promise<void>((resolve) => {
        if (poll < EAGER_POLLS) setImmediate(resolve);
        else setTimeout(resolve, 1);
      });
    }
  }

  /** Between two marks that have been reached, in milliseconds of the device's clock. */
  millisecondsBetween(start: Handle, end: Handle): number {
    const elapsed: Out<number> = [0];
    this.#check(this.#api.cuEventElapsedTime(elapsed, start, end), 'timing');
    return elapsed[0];
  }

  release(event: Handle): void {
    this.#idle.push(event);
  }

  dispose(): void {
    for (const event of this.#idle.splice(0)) this.#api.cuEventDestroy(event);
  }

  #create(): Handle {
    const event: Out<Handle> = [0];
    this.#check(this.#api.cuEventCreate(event, 0), 'creating an event');
    return event[0];
  }
}
