// What users look at goes first, such as thumbnails of what they have just dropped; what is made ahead waits for it.

let presses = 0;
let waiting: (() => void)[] = [];

/** Something pressing has begun. @returns To be called once, when it is over. */
export function press(): () => void {
  presses += 1;
  return () => {
    presses -= 1;
    if (presses > 0) return;
    const all = waiting;
    waiting = [];
    for (const goOn of all) goOn();
  };
}

/** Until nothing is pressing. */
export function untilCalm(): Promise<void> {
  return presses === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve));
}
