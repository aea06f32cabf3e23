// A local bucket in a process of its own, for the benchmark: prints its endpoint, ends with its standard input.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalBucket } from '../../../server/local-bucket/local-bucket.js';

const [keyId = '', applicationKey = ''] = process.argv.slice(2);
const dir = await mkdtemp(join(tmpdir(), 'local-bucket-bench-'));
const bucket = await startLocalBucket({ dir, credentials: { keyId, applicationKey } });
process.stdout.write(`${bucket.endpoint}\n`);
process.stdin.resume().once('end', () => {
  void bucket.close().then(() => rm(dir, { recursive: true }));
});
