// The planes of a decoded frame in strips: what a JPEG holds, before anybody makes red, green and blue of it.
import { halve, type PlaneRows, type PlaneSource } from '../resample/resample-planes.js';
import type { Size } from '../resize-plan.js';

/** Even, for the planes of colour have a row for each two. */
const STRIP_ROWS = 128;

/** As of a `RowSource`. */
interface SharedByPlanes {
  readonly extent: Size;
  readonly softness: number;
}

/** @returns Undefined when the frame is not in planes, or in others than those of JPEG. https://www.w3.org/Graphics/JPEG/jfif3.pdf */
export function readPlanes(frame: VideoFrame, shared: SharedByPlanes): (() => PlaneRows) | undefined {
  const { format, colorSpace, visibleRect } = frame;
  const isJpeg = colorSpace.fullRange === true && colorSpace.matrix === 'smpte170m';
  if (format !== 'I420' || !isJpeg || !visibleRect) return undefined;
  const plane = (index: number): PlaneSource => rowsOfPlane(frame, { index, area: visibleRect, ...shared });
  return () => [plane(0), plane(1), plane(2)];
}

interface PlaneOfFrame extends SharedByPlanes {
  readonly index: number;
  readonly area: DOMRectReadOnly;
}

/** A strip has all three: they are copied together or not at all, which takes little of the decoder's time. */
function rowsOfPlane(frame: VideoFrame, { index, area, extent, softness }: PlaneOfFrame): PlaneSource {
  const { width, height } = area;
  const size = index === 0 ? { width, height } : halve({ width, height });
  let bytes = new Uint8ClampedArray();
  let top = 0;
  const next = async () => {
    const rect = { x: area.x, y: area.y + top, width, height: Math.min(STRIP_ROWS, height - top) };
    top += rect.height;
    const byteCount = frame.allocationSize({ rect });
    if (bytes.length < byteCount) bytes = new Uint8ClampedArray(byteCount);
    const layouts = await frame.copyTo(bytes, { rect });
    const { offset, stride } = layouts[index] ?? { offset: 0, stride: 0 };
    const rowCount = index === 0 ? rect.height : Math.ceil(rect.height / 2);
    return bytes.subarray(offset, offset + stride * rowCount);
  };
  return { ...size, extent, softness, channels: 1, next };
}
