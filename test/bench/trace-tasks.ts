// The longest task of a page's main thread in processor time: its own work, without the time that it waited for a core.
import { WATCH_MARK } from './page/watch-main-thread.js';
import type { ProtocolPipe } from './protocol-pipe.js';

/** Of Chrome's trace: microseconds; `dur` by the clock, `tdur` in processor time. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
}

interface Pieces {
  readonly value: readonly TraceEvent[];
}

const CATEGORIES = '-*,disabled-by-default-devtools.timeline,blink.user_timing';

/** Traces from now on. @returns Ends the trace and tells the milliseconds; undefined when the page set no mark. */
export async function traceTasks(browser: ProtocolPipe): Promise<() => Promise<number | undefined>> {
  const events: TraceEvent[] = [];
  const whole = new Promise<void>((resolve) => {
    const unlisten = browser.listen(({ method, params }) => {
      if (method === 'Tracing.dataCollected') events.push(...(params as Pieces).value);
      if (method !== 'Tracing.tracingComplete') return;
      unlisten();
      resolve();
    });
  });
  await browser.send('Tracing.start', { transferMode: 'ReportEvents', categories: CATEGORIES });
  return async () => {
    await browser.send('Tracing.end');
    await whole;
    const mark = events.find(({ name }) => name === WATCH_MARK);
    const tasks = events.filter(
      ({ name, pid, tid, ts }) =>
        name === 'RunTask' && pid === mark?.pid && tid === mark.tid && ts >= mark.ts,
    );
    // Virtual machines count the time of a short task by the tick of their host: no task works longer than it lasts.
    const busy = tasks.map(({ dur = 0, tdur = 0 }) => Math.min(dur, tdur));
    return mark && Math.max(0, ...busy) / 1000;
  };
}
