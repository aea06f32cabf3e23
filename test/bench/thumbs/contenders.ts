// Who takes part, and what may be measured of whom.
import type { Peers } from '../peers.js';

export interface ContenderSpec {
  readonly name: string;
  /** File in `page/`, without its ending. */
  readonly script: string;
  readonly isPeer?: boolean;
}

export const PEERS: Peers = {
  '@uppy/core': '6.3.1',
  '@uppy/dashboard': '6.0.3',
  '@uppy/thumbnail-generator': '6.0.1',
  dropzone: '6.3.5',
  filepond: '4.32.12',
  'filepond-plugin-image-exif-orientation': '1.0.11',
  'filepond-plugin-image-preview': '4.6.12',
};

export const CONTENDERS: readonly ContenderSpec[] = [
  { name: 'floor', script: 'floor' },
  { name: 'bitmaps in two', script: 'bitmaps' },
  { name: 'ours', script: 'ours' },
  { name: 'dropzone', script: 'dropzone', isPeer: true },
  { name: 'uppy dashboard', script: 'uppy', isPeer: true },
  { name: 'filepond', script: 'filepond', isPeer: true },
];
