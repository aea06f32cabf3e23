// PUT throughput of the local bucket beside that of Ceph's RADOS Gateway, in one run: alternating rounds, medians, ratios.
//
// The gateway keeps its data in memory, the local bucket in the temporary folder (TMPDIR): a busy disk counts against it.
//   eval "$(bash test/support/radosgw.sh start 9320)"; npx tsx test/bench/local-bucket/put-throughput.ts; bash test/support/radosgw.sh stop 9320
import { CreateBucketCommand, DeleteObjectsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createClient, timePuts } from './presigned-puts.js';
import type { PutRun, Target } from './presigned-puts.js';

const ROUNDS = 5;
const LEAST_RATIO = 0.6;
const BUCKET = `bench-${process.pid}`;

const CASES = [
  { name: '256 MiB PUT, 1 connection', unit: 'MiB/s', count: 1, connections: 1, bytes: 2 ** 28 },
  { name: '1 KiB PUTs, 6 connections', unit: 'PUT/s', count: 1500, connections: 6, bytes: 1024 },
  { name: '1 KiB PUTs, 16 connections', unit: 'PUT/s', count: 1500, connections: 16, bytes: 1024 },
] as const;

const { RGW_ENDPOINT: endpoint, RGW_KEY_ID: keyId, RGW_APPLICATION_KEY: applicationKey } = process.env;
if (!endpoint || !keyId || !applicationKey) {
  console.error(
    'RGW_ENDPOINT, RGW_KEY_ID and RGW_APPLICATION_KEY are not set: see the first lines of this file',
  );
  process.exit(64);
}

const local = await startLocal();
const targets: readonly Target[] = [local.target, { name: 'radosgw', endpoint, keyId, applicationKey }];
const isFastEnough = await compare(targets);
await local.stop();
process.exitCode = isFastEnough ? 0 : 1;

async function compare(targets: readonly Target[]): Promise<boolean> {
  const clients = targets.map(createClient);
  for (const client of clients) await client.send(new CreateBucketCommand({ Bucket: BUCKET }));

  const rows: string[] = [];
  let isFastEnough = true;
  for (const { name, unit, count, connections, bytes } of CASES) {
    const run: PutRun = { bucket: BUCKET, count, connections, body: Buffer.alloc(bytes, 'x') };
    const amount = unit === 'MiB/s' ? (count * bytes) / 2 ** 20 : count;
    const [ours = 0, theirs = 0] = (await measure(clients, run)).map((seconds) => amount / median(seconds));
    isFastEnough &&= ours >= LEAST_RATIO * theirs;
    rows.push(
      row(name, `${ours.toFixed(0)} ${unit}`, `${theirs.toFixed(0)} ${unit}`, (ours / theirs).toFixed(2)),
    );
  }
  console.log([row('', 'local bucket', 'radosgw', 'ratio'), ...rows].join('\n'));
  return isFastEnough;
}

/** Seconds of each round for each server; they take turns, and who begins changes. */
async function measure(clients: readonly S3Client[], run: PutRun): Promise<readonly number[][]> {
  const seconds: number[][] = clients.map(() => []);
  for (let round = -1; round < ROUNDS; round += 1) {
    const order = [...clients.keys()];
    if (round % 2) order.reverse();
    for (const index of order) {
      const client = clients[index];
      const took = client ? await timePuts(client, run) : 0;
      // The first round warms up.
      if (round >= 0) seconds[index]?.push(took);
      if (client) await empty(client);
    }
  }
  return seconds;
}

async function empty(client: S3Client): Promise<void> {
  for (;;) {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    if (Contents.length === 0) return;
    await client.send(
      new DeleteObjectsCommand({
        Bucket: BUCKET,
        Delete: { Quiet: true, Objects: Contents.map(({ Key }) => ({ Key })) },
      }),
    );
  }
}

async function startLocal(): Promise<{ readonly target: Target; readonly stop: () => Promise<void> }> {
  const script = fileURLToPath(new URL('serve-local-bucket.ts', import.meta.url));
  const keys = { keyId: 'bench', applicationKey: 'bench-secret' };
  const child = spawn(process.execPath, ['--import', 'tsx', script, keys.keyId, keys.applicationKey], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const { value } = await createInterface(child.stdout)[Symbol.asyncIterator]().next();
  const stop = async (): Promise<void> => {
    child.stdin.end();
    await once(child, 'exit');
  };
  return { target: { name: 'local bucket', endpoint: String(value), ...keys }, stop };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function row(name: string, ...cells: readonly string[]): string {
  return name.padEnd(28) + cells.map((cell) => cell.padStart(14)).join('');
}
