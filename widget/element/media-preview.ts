// Pictures that only a page can make: the first frame of a video, and a drawing as pixels. Loaded with the first of them.

/** The short side covers a tile of 44 px at three device pixels each. */
const SHORT_PX = 160;
const LONG_PX = 640;
const PATIENCE_MS = 6_000;
/** Many videos begin in black. */
const POSTER_SECONDS = 0.1;
/** A drawing is read on the page: what is larger would hold it up. */
const MAX_DRAWING_BYTES = 512 * 1024;

type Source = HTMLVideoElement | HTMLImageElement;

/** @returns Undefined when the browser cannot show the video, or takes too long. */
export async function videoPreview(file: Blob): Promise<Blob | undefined> {
  const video = Object.assign(document.createElement('video'), { muted: true, preload: 'metadata' });
  // Without it phones show the video in full screen.
  video.playsInline = true;
  return usingUrl(video, file, async (signal) => {
    await heard(video, 'loadedmetadata', signal);
    video.currentTime = Math.min(POSTER_SECONDS, (video.duration || 0) / 2);
    await heard(video, 'seeked', signal);
    if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) await heard(video, 'loadeddata', signal);
    return draw(video, { width: video.videoWidth, height: video.videoHeight });
  });
}

/** As pixels, in which nothing runs and nothing is loaded. @returns Undefined when it cannot be shown. */
export async function drawingPreview(file: Blob): Promise<Blob | undefined> {
  if (file.size > MAX_DRAWING_BYTES) return undefined;
  const image = new Image();
  // Where a name told the type, the blob does not know it.
  return usingUrl(image, file.slice(0, file.size, 'image/svg+xml'), async (signal) => {
    await heard(image, 'load', signal);
    // A drawing may have no size of its own.
    const { naturalWidth: width, naturalHeight: height } = image;
    return draw(image, width && height ? { width, height } : { width: SHORT_PX, height: SHORT_PX }, true);
  });
}

async function usingUrl(
  source: Source,
  file: Blob,
  make: (signal: AbortSignal) => Promise<Blob | undefined>,
): Promise<Blob | undefined> {
  const url = URL.createObjectURL(file);
  try {
    source.src = url;
    return await make(AbortSignal.timeout(PATIENCE_MS));
  } catch {
    return undefined;
  } finally {
    // Ends what is still being loaded.
    source.removeAttribute('src');
    if (source instanceof HTMLMediaElement) source.load();
    URL.revokeObjectURL(url);
  }
}

/** @throws When the source fails, or the signal is aborted. */
function heard(source: Source, type: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(new Error('It cannot be shown.'));
    source.addEventListener(type, () => resolve(), { once: true, signal });
    source.addEventListener('error', fail, { once: true, signal });
    signal.addEventListener('abort', fail, { once: true });
  });
}

async function draw(
  source: Source,
  size: { readonly width: number; readonly height: number },
  mayGrow = false,
): Promise<Blob | undefined> {
  const { width, height } = size;
  if (width === 0 || height === 0) return undefined;
  const wanted = Math.min(SHORT_PX / Math.min(width, height), LONG_PX / Math.max(width, height));
  const factor = mayGrow ? wanted : Math.min(1, wanted);
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * factor));
  canvas.height = Math.max(1, Math.round(height * factor));
  canvas.getContext('2d')?.drawImage(source, 0, 0, canvas.width, canvas.height);
  const type = source instanceof HTMLVideoElement ? 'image/jpeg' : 'image/png';
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? undefined), type, 0.8));
}
