// Ours as the widget does it: what prepares files, loaded on first use, with its workers.
import type { ImagePolicy } from '../../../../server/protocol.js';
import { register } from './harness.js';

register(({ maxSide, quality, type, variant }) => {
  // Some sites forbid workers.
  if (variant === 'no workers') Reflect.deleteProperty(globalThis, 'Worker');
  // A JPEG is scaled in another way where it becomes a JPEG: what its encoder gets is judged there, where the page sees it.
  const drawn = variant === 'no workers' && type === 'image/png' ? keepDrawn() : undefined;
  const policy: ImagePolicy = {
    maxWidth: maxSide,
    maxHeight: maxSide,
    quality,
    format: type === 'image/png' && !drawn ? 'png' : 'jpeg',
    metadata: 'strip',
    renditions: [],
  };
  const loading = import('../../../../widget/image/prepare.js').then(({ createPrepare }) => createPrepare());
  const resize = async (files: readonly File[]): Promise<readonly Blob[]> => {
    const prepare = await loading;
    const { signal } = new AbortController();
    const prepared = await Promise.all(files.map((file) => prepare(file, policy, signal)));
    return drawn ? drawn.splice(0).slice(-files.length) : prepared.map(({ blob }) => blob);
  };
  return { ready: (_, warmUp) => resize([warmUp, warmUp]), resize };
});

type Encode = (this: OffscreenCanvas, options?: ImageEncodeOptions) => Promise<Blob>;

/** @returns What is drawn to be encoded, as PNG, as it comes. */
function keepDrawn(): Blob[] {
  const drawn: Blob[] = [];
  const encode: Encode = Reflect.get(OffscreenCanvas.prototype, 'convertToBlob');
  OffscreenCanvas.prototype.convertToBlob = async function (this: OffscreenCanvas, options) {
    drawn.push(await encode.call(this, { type: 'image/png' }));
    return encode.call(this, options);
  };
  return drawn;
}
