// Pixels that somebody decoded already, as a source.
import type { Pixels } from '../resample/resample.js';
import type { RowSource } from './row-source.js';

export function sourceOfPixels({ data, width, height }: Pixels): RowSource {
  const stride = width * 4;
  return {
    width,
    height,
    orientation: 1,
    colorSpace: 'srgb',
    read: async (top, rowCount) => data.subarray(top * stride, (top + rowCount) * stride),
    close: () => undefined,
  };
}
