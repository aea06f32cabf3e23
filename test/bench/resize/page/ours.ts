// Ours as the widget does it: what prepares files, loaded on first use, with its workers.
import type { ImagePolicy } from '../../../../server/protocol.js';
import { register } from './harness.js';

register(({ maxSide, quality, type, variant }) => {
  // Some sites forbid workers.
  if (variant === 'no workers') Reflect.deleteProperty(globalThis, 'Worker');
  const policy: ImagePolicy = {
    maxWidth: maxSide,
    maxHeight: maxSide,
    quality,
    format: type === 'image/png' ? 'png' : 'jpeg',
    metadata: 'strip',
    renditions: [],
  };
  const loading = import('../../../../widget/image/prepare.js').then(({ createPrepare }) => createPrepare());
  const resize = async (files: readonly File[]): Promise<readonly Blob[]> => {
    const prepare = await loading;
    const { signal } = new AbortController();
    const prepared = await Promise.all(files.map((file) => prepare(file, policy, signal)));
    return prepared.map(({ blob }) => blob);
  };
  return { ready: (_, warmUp) => resize([warmUp, warmUp]), resize };
});
