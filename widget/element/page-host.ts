// What the engine asks of the page: whether anybody sees it, and when waiting may be over.
import type { Host } from '../engine/ports.js';

export const pageHost: Host = {
  isHidden: () => document.hidden,
  onWake: (listener) => {
    const end = new AbortController();
    const wake = ({ type }: Event): void => {
      if (type !== 'visibilitychange' || !document.hidden) listener();
    };
    // The document's own event bubbles up to its window.
    for (const type of ['online', 'pageshow', 'visibilitychange'])
      window.addEventListener(type, wake, { signal: end.signal });
    return () => end.abort();
  },
};
