/** Progress of long work on stderr: a bar on a terminal, a line a stage elsewhere. */
import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  /**
   * @param total of the stage's steps, `loaded` of which are done
   * @param detail figures that change at every step: beside the bar, or where there is none, a line a minute
   */
  update(stage: string, loaded: number, total: number, detail?: string): void;
  stop(): void;
}

export function createProgress(): Progress {
  return process.stderr.isTTY ? terminalBar() : stageLines();
}

function terminalBar(): Progress {
  const format = ' {bar} {value}/{total} {stage}{detail}';
  const bar = new SingleBar(
    { format, stream: process.stderr, clearOnComplete: true, hideCursor: true },
    Presets.shades_classic,
  );
  let isStarted = false;
  return {
    update(stage, loaded, total, text) {
      const detail = text === undefined ? '' : `: ${text}`;
      if (!isStarted) bar.start(total, loaded, { stage, detail });
      isStarted = true;
      bar.setTotal(total);
      bar.update(loaded, { stage, detail });
    },
    stop() {
      if (isStarted) bar.stop();
    },
  };
}

function stageLines(): Progress {
  let last = '';
  let detailed = performance.now();
  return {
    update(stage, loaded, total, detail) {
      if (stage !== last) process.stderr.write(`${stage}\n`);
      last = stage;
      if (detail === undefined || performance.now() - detailed < 60_000) return;
      detailed = performance.now();
      process.stderr.write(`${stage} ${loaded}/${total}: ${detail}\n`);
    },
    stop: () => {},
  };
}
