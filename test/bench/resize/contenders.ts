// Who takes part, and what its page is told.
import type { Peers } from '../peers.js';

export interface ContenderSpec {
  readonly name: string;
  /** File in `page/`, without its ending. */
  readonly script: string;
  readonly variant?: string;
  /** 0…1 where it is not the bench's 0.85. */
  readonly quality?: number;
  /** Whether it comes from npm when the bench runs. */
  readonly isPeer?: boolean;
}

export const PEERS: Peers = {
  '@uppy/compressor': '4.0.0',
  '@uppy/core': '6.3.1',
  'browser-image-compression': '2.0.2',
  compressorjs: '1.3.0',
  filepond: '4.32.12',
  'filepond-plugin-image-exif-orientation': '1.0.11',
  'filepond-plugin-image-resize': '2.0.10',
  'filepond-plugin-image-transform': '3.8.8',
  pica: '10.0.3',
};

export const CONTENDERS: readonly ContenderSpec[] = [
  { name: 'floor', script: 'floor' },
  { name: 'ours', script: 'ours' },
  { name: 'ours, quality 0.9', script: 'ours', quality: 0.9 },
  { name: 'ours, no workers', script: 'ours', variant: 'no workers' },
  { name: 'canvas', script: 'canvas' },
  { name: 'canvas in two', script: 'canvas', variant: '2' },
  { name: 'pica', script: 'pica', isPeer: true },
  { name: 'pica lanczos3', script: 'pica', variant: 'lanczos3', isPeer: true },
  { name: 'bic', script: 'browser-image-compression', isPeer: true },
  { name: 'compressorjs', script: 'compressorjs', isPeer: true },
  { name: 'uppy', script: 'uppy', isPeer: true },
  { name: 'filepond', script: 'filepond', isPeer: true },
];
