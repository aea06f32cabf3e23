// A time by which a call must be answered, whatever storage is still doing.
import type { SignerContext } from '../context.js';

/** Milliseconds. Calls are answered within 25 s; the rest is for the way. */
const ANSWER_WITHIN = 20_000;

/** Runs a call with a signal that is aborted when its time is over, and never before. */
export async function withDeadline<T>(
  { sleep }: Pick<SignerContext, 'sleep'>,
  call: (deadline: AbortSignal) => Promise<T>,
): Promise<T> {
  const [late, done] = [new AbortController(), new AbortController()];
  const watch = async (): Promise<void> => {
    await sleep(ANSWER_WITHIN, done.signal);
    if (!done.signal.aborted) late.abort();
  };
  const timer = watch();
  try {
    return await call(late.signal);
  } finally {
    done.abort();
    await timer;
  }
}
