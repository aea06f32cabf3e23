// Who takes part: which script runs on the page, and against which signer.
import type { Peers } from '../peers.js';
import { INTEGRITY_SITE } from './server/stub-signer.js';

export interface ContenderSpec {
  readonly name: string;
  /** File in `page/`, without its ending. */
  readonly script: 'floor' | 'ours' | 'uppy' | 'dropzone' | 'filepond';
  readonly siteKey: string;
  readonly partBytes?: number;
  /** Whether the built program answers, on its local bucket, instead of the stub. */
  readonly isReal?: boolean;
  readonly hasDashboard?: boolean;
  /** Whether it comes from npm when the bench runs. */
  readonly isPeer?: boolean;
  /** Left out unless asked for: slow, and not what the targets speak of. */
  readonly isExtra?: boolean;
}

export const PEERS: Peers = {
  '@uppy/aws-s3': '6.3.1',
  '@uppy/core': '6.3.1',
  '@uppy/dashboard': '6.0.3',
  dropzone: '6.3.5',
  filepond: '4.32.12',
};

const STUB = { siteKey: 'pk_bench' };

export const CONTENDERS: readonly ContenderSpec[] = [
  { name: 'floor', script: 'floor', ...STUB },
  { name: 'floor in parts', script: 'floor', ...STUB, partBytes: 64 * 2 ** 20 },
  { name: 'ours', script: 'ours', siteKey: INTEGRITY_SITE },
  { name: 'ours, integrity off', script: 'ours', ...STUB },
  { name: 'ours, real signer', script: 'ours', siteKey: 'pk_local', isReal: true },
  { name: 'uppy', script: 'uppy', ...STUB, isPeer: true },
  { name: 'uppy dashboard', script: 'uppy', ...STUB, isPeer: true, hasDashboard: true },
  { name: 'dropzone', script: 'dropzone', ...STUB, isPeer: true, isExtra: true },
  { name: 'filepond', script: 'filepond', ...STUB, isPeer: true, isExtra: true },
];
