// Cuts long work on the page into tasks.

/** Lets the page have its turn. By message: timers of hidden tabs run once a second or a minute. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(null);
  });
}

/** A frame of 16 ms has room for this beside the page's own work. */
const SLICE_MS = 8;

/**
 * For what comes in crowds, such as a hundred files that one call has planned.
 * @returns A function by which each waits until those before it have gone on; after some milliseconds of them the page
 *   has its turn.
 */
export function createTurns(): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  let sliceEndsAtMs = 0;
  const take = async (before: Promise<void>) => {
    await before;
    if (performance.now() < sliceEndsAtMs) return;
    await nextTask();
    sliceEndsAtMs = performance.now() + SLICE_MS;
  };
  return () => {
    last = take(last);
    return last;
  };
}
