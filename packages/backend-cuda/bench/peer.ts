/**
 * Another process that runs the same layers, and takes turns with this one: `torch-peer.py`, or whatever speaks its protocol. A question is
 * a line of JSON on its stdin, the answer a line of JSON on its stdout, in order:
 *
 *     { do: 'hello' }                                     { ok: true, device, torch, cudnn }
 *     { do: 'layer', layer, flushBytes }                  { ok: true }
 *     { do: 'prepare', name, kind, groups, tf32 }         { ok: true, format, relativeError }
 *     { do: 'time', name, runs }                          { ok: true, ms: [..] }
 *     { do: 'release' }                                   { ok: true }      forgets the layer
 *
 * `kind` is 'dense', 'grouped' or 'sum' (1x1 plus grouped, added: how HetConv is commonly written in PyTorch); 'time' is of the device,
 * as in device-clock.ts; what fails is { ok: false, error }. At the end of its input the peer ends.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { LayerRequest } from '@hetconv/bench';
import { contenderNames, type DeviceContender } from './contender.ts';

export type PeerKind = 'dense' | 'grouped' | 'sum';

export interface PeerFacts {
  readonly device: string;
  readonly torch: string;
  readonly cudnn: string;
}

interface Prepared {
  /** Memory format that was faster: nchw or nhwc. */
  readonly format: string;
  /** Largest error of the first image over its largest value, beside float64: tells float32 from TF32. */
  readonly relativeError: number;
}

export interface PeerContender extends DeviceContender, Prepared {}

type Question = Readonly<Record<string, unknown>> & { readonly do: string };

/** float32 stays far below, TF32 (10 bits) far above. */
const FLOAT32_ERROR = 5e-5;

const LAST_WORDS = 2000;

export class Peer {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting: ((line: string | undefined) => void)[] = [];
  #stderr = '';
  #hasEnded = false;

  /** @param command with its arguments */
  constructor([file, ...args]: readonly string[]) {
    this.#child = spawn(file, args, { stdio: 'pipe' });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-LAST_WORDS);
    });
    this.#child.stdin.on('error', () => {}); // that it has ended is told by 'close'
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#waiting.shift()?.(line));
    const end = (): void => {
      this.#hasEnded = true;
      for (const answer of this.#waiting.splice(0)) answer(undefined);
    };
    this.#child.on('error', (error) => {
      this.#stderr += error.message;
      end();
    });
    this.#child.on('close', end);
  }

  /** PyTorch of a Python that is there. */
  static torch(python: string): Peer {
    return new Peer([python, '-u', fileURLToPath(new URL('torch-peer.py', import.meta.url))]);
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** @throws Error saying why there is no PyTorch, or no GPU for it */
  hello(): Promise<PeerFacts> {
    return this.#ask<PeerFacts>({ do: 'hello' });
  }

  /**
   * The contenders for a layer: dense in float32 and TF32; grouped, and 1x1 plus grouped, for every P that divides the channels.
   *
   * @throws Error of the peer, e.g. out of memory; where what it calls float32 is not
   */
  async contenders(layer: LayerRequest, flushBytes: number): Promise<PeerContender[]> {
    await this.#ask({ do: 'layer', layer, flushBytes });
    const groups = layer.parts.filter((part) => part > 1 && layer.in % part === 0 && layer.out % part === 0);
    const contenders = [
      await this.#prepare(contenderNames.cudnnDense, 'dense', 1),
      await this.#prepare(contenderNames.cudnnTf32, 'dense', 1, true),
    ];
    for (const part of groups) {
      contenders.push(await this.#prepare(contenderNames.cudnnGrouped(part), 'grouped', part));
      contenders.push(await this.#prepare(contenderNames.torchHetConv(part), 'sum', part));
    }
    return contenders;
  }

  /** Gives the memory of a layer back. */
  async release(): Promise<void> {
    await this.#ask({ do: 'release' });
  }

  close(): void {
    this.#child.stdin.end();
    this.#child.unref();
  }

  async #prepare(name: string, kind: PeerKind, groups: number, tf32 = false): Promise<PeerContender> {
    const prepared = await this.#ask<Prepared>({ do: 'prepare', name, kind, groups, tf32 });
    if (!tf32 && !(prepared.relativeError < FLOAT32_ERROR)) {
      throw new Error(`${name}: an error of ${prepared.relativeError} beside float64 is not that of float32.`);
    }
    return {
      ...prepared,
      name,
      time: async (runs) => (await this.#ask<{ ms: readonly number[] }>({ do: 'time', name, runs })).ms,
    };
  }

  async #ask<Answer>(question: Question): Promise<Answer> {
    const line = this.#hasEnded
      ? undefined
      : await new Promise<string | undefined>((resolve) => {
          this.#waiting.push(resolve);
          this.#child.stdin.write(`${JSON.stringify(question)}\n`);
        });
    if (line === undefined) throw new Error(`The peer ended at '${question.do}': ${this.#stderr.trim() || 'no word'}`);
    const answer = JSON.parse(line) as { readonly ok: boolean; readonly error?: string } & Answer;
    if (!answer.ok) throw new Error(`The peer at '${question.do}': ${answer.error ?? line}`);
    return answer;
  }
}
