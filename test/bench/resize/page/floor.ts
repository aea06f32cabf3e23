// What no resizer on the browser's own decoder and encoder gets under: decode the whole, encode a result that is there already.
import { register } from './harness.js';
import { startNativeWorkers } from './native-workers.js';

register((config) => {
  const workers = startNativeWorkers(1, config);
  return {
    ready: ([first], warmUp) => workers.all([first ?? warmUp], 'floor-ready'),
    resize: (files) => workers.all(files, 'floor'),
  };
});
