// A local bucket in a process of its own, to be killed or measured: tells its endpoint, and its memory when asked.
import { startLocalBucket } from '../../../server/local-bucket/local-bucket.js';
import { CREDENTIALS } from './open-bucket.js';

const [dir = ''] = process.argv.slice(2);
const bucket = await startLocalBucket({ dir, credentials: CREDENTIALS });
process.on('message', () => process.send?.({ peakBytes: process.resourceUsage().maxRSS * 1024 }));
process.send?.({ endpoint: bucket.endpoint });
