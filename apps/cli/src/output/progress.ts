/** Progress of long work on stderr: a bar on a terminal, a line a stage elsewhere. */
import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  /** @param total of the stage's steps, `loaded` of which are done */
  update(stage: string, loaded: number, total: number): void;
  stop(): void;
}

export function createProgress(): Progress {
  return process.stderr.isTTY ? terminalBar() : stageLines();
}

function terminalBar(): Progress {
  const format = ' {bar} {value}/{total} {stage}';
  const bar = new SingleBar(
    { format, stream: process.stderr, clearOnComplete: true, hideCursor: true },
    Presets.shades_classic,
  );
  let isStarted = false;
  return {
    update(stage, loaded, total) {
      if (!isStarted) bar.start(total, loaded, { stage });
      isStarted = true;
      bar.setTotal(total);
      bar.update(loaded, { stage });
    },
    stop() {
      if (isStarted) bar.stop();
    },
  };
}

function stageLines(): Progress {
  let last = '';
  return {
    update(stage) {
      if (stage !== last) process.stderr.write(`${stage}\n`);
      last = stage;
    },
    stop: () => {},
  };
}
