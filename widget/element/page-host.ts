// What the engine asks of the page: whether anybody sees it, and when waiting may be over.
import type { Host } from '../engine/ports.js';

export const pageHost: Host = {
  isHidden: () => document.hidden,
  onWake: (listener) => {
    const end = new AbortController();
    const { signal } = end;
    window.addEventListener('online', listener, { signal });
    window.addEventListener('pageshow', listener, { signal });
    const wake = (): void => {
      if (!document.hidden) listener();
    };
    document.addEventListener('visibilitychange', wake, { signal });
    return () => end.abort();
  },
};
