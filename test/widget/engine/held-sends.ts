// Sends that stay under way until a test lets them arrive or fail.
import { storageQueue } from '../../../widget/engine/task-queue.js';
import { partOf } from './fake-signer.js';
import type { FakeWorld } from './fake-world.js';

export interface HeldSend {
  readonly url: string;
  /** 0 for a single PUT. */
  readonly part: number;
  readonly progress: (sentBytes: number) => void;
  /** The bucket takes the body and says so. */
  readonly arrive: () => void;
  readonly fail: (error: Error) => void;
  /** True when the engine gave it up. */
  isStopped: boolean;
}

/** From now on every send waits; the list grows as they begin. */
export function holdSends(world: FakeWorld): HeldSend[] {
  const held: HeldSend[] = [];
  world.sending = (url, body, { signal, onProgress }) =>
    new Promise((resolve, reject) => {
      const arrive = () => {
        world.store(url, body.size);
        onProgress(body.size);
        resolve();
      };
      const one: HeldSend = {
        url,
        part: partOf(url),
        progress: onProgress,
        arrive,
        fail: reject,
        isStopped: false,
      };
      signal.addEventListener('abort', () => {
        one.isStopped = true;
        reject(signal.reason as Error);
      });
      held.push(one);
    });
  return held;
}

/** The page's queue is as fast as ever, whatever earlier tests did to it. */
export function forgetSlowDowns(): void {
  for (let times = 0; times < 5000; times += 1) storageQueue.speedUp();
}

/** A signer's answer that comes when the test says so. */
export function holdAnswer(
  world: FakeWorld,
  path: string,
): { readonly release: () => void; readonly count: () => number } {
  const waiting: (() => void)[] = [];
  let isOpen = false;
  let count = 0;
  world.answers.set(path, async (call) => {
    count += 1;
    if (!isOpen) await new Promise<void>((resolve) => waiting.push(resolve));
    return world.answer(call);
  });
  const release = () => {
    isOpen = true;
    for (const resolve of waiting.splice(0)) resolve();
  };
  return { release, count: () => count };
}
