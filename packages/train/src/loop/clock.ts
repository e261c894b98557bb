/** How long a training has taken, how fast it is and how long it will take. Decides nothing but when to save. */

type Stage = 'train' | 'test';

export class Clock {
  readonly #epochs: number;
  readonly #steps: Readonly<Record<Stage, number>>;
  readonly #started: number = performance.now();
  #before = 0;
  #savedAt: number = this.#started;
  #stage: Stage = 'train';
  #stageStarted = 0;
  #stageImages = 0;
  /** Milliseconds and steps of each stage, without the first step, which compiles. */
  readonly #spent: Record<Stage, { ms: number; steps: number }> = {
    train: { ms: 0, steps: 0 },
    test: { ms: 0, steps: 0 },
  };
  #lastStep: number | undefined;
  #isFirst = true;

  constructor(epochs: number, steps: number, testSteps: number) {
    this.#epochs = epochs;
    this.#steps = { train: steps, test: testSteps };
  }

  /** @param seconds spent by earlier processes */
  startFrom(seconds: number): void {
    this.#before = seconds;
  }

  begin(stage: Stage): void {
    this.#stage = stage;
    this.#stageStarted = performance.now();
    this.#lastStep = this.#stageStarted;
    this.#stageImages = 0;
  }

  step(images: number): void {
    const now = performance.now();
    const spent = this.#spent[this.#stage];
    if (!this.#isFirst) {
      spent.ms += now - (this.#lastStep ?? now);
      spent.steps++;
    }
    this.#isFirst = false;
    this.#lastStep = now;
    this.#stageImages += images;
  }

  seconds(): number {
    return this.#before + (performance.now() - this.#started) / 1000;
  }

  sinceSaved(): number {
    return (performance.now() - this.#savedAt) / 1000;
  }

  markSaved(): void {
    this.#savedAt = performance.now();
  }

  /** @param step steps of the stage that are done */
  speed(
    epoch: number,
    stage: Stage,
    step: number,
  ): { readonly imagesPerSecond: number; readonly secondsLeft: number | undefined } {
    const ms = performance.now() - this.#stageStarted;
    const { train, test } = this.#spent;
    const trainMs = train.steps > 0 ? train.ms / train.steps : undefined;
    // Before the first test: forward alone is about a third of a step.
    const testMs = test.steps > 0 ? test.ms / test.steps : trainMs === undefined ? undefined : trainMs / 3;
    const epochsLeft = this.#epochs - epoch - 1;
    const trainLeft = epochsLeft * this.#steps.train + (stage === 'train' ? this.#steps.train - step : 0);
    const testLeft = epochsLeft * this.#steps.test + (stage === 'train' ? this.#steps.test : this.#steps.test - step);
    return {
      imagesPerSecond: ms > 0 ? (1000 * this.#stageImages) / ms : 0,
      secondsLeft: testMs === undefined ? undefined : (trainLeft * (trainMs ?? 3 * testMs) + testLeft * testMs) / 1000,
    };
  }
}
