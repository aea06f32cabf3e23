// The browser's own scaling, in as many workers as the variant says.
import { register } from './harness.js';
import { startNativeWorkers } from './native-workers.js';

register((config) => {
  const workers = startNativeWorkers(Number(config.variant ?? 1), config);
  return {
    ready: (_, warmUp) => workers.all([warmUp, warmUp], 'canvas'),
    resize: (files) => workers.all(files, 'canvas'),
  };
});
