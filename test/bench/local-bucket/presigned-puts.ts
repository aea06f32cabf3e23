// Sends presigned PUTs with node:http, over a fixed number of connections, and measures how long they take.
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { Agent, request } from 'node:http';

export interface Target {
  readonly name: string;
  readonly endpoint: string;
  readonly keyId: string;
  readonly applicationKey: string;
}

export interface PutRun {
  readonly bucket: string;
  readonly count: number;
  readonly connections: number;
  readonly body: Buffer;
}

export function createClient(target: Target): S3Client {
  return new S3Client({
    endpoint: target.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: target.keyId, secretAccessKey: target.applicationKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}

/** Signs beforehand; answers the seconds that the PUTs took. */
export async function timePuts(client: S3Client, run: PutRun): Promise<number> {
  const names = Array.from({ length: run.count }, (_, index) => `bench/${process.hrtime.bigint()}-${index}`);
  const urls = await Promise.all(
    names.map((Key) =>
      getSignedUrl(client, new PutObjectCommand({ Bucket: run.bucket, Key, ContentLength: run.body.length })),
    ),
  );
  const agent = new Agent({ keepAlive: true, maxSockets: run.connections });
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: run.connections }, async () => {
      for (let url = urls.pop(); url !== undefined; url = urls.pop()) await put(agent, url, run.body);
    }),
  );
  const tookSeconds = (performance.now() - startedAt) / 1000;
  agent.destroy();
  return tookSeconds;
}

function put(agent: Agent, url: string, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: 'PUT', agent, headers: { 'content-length': body.length } },
      (answer) => {
        answer.resume().once('end', () => {
          if (answer.statusCode === 200) resolve();
          else reject(new Error(`PUT answered ${answer.statusCode}`));
        });
      },
    );
    sent.once('error', reject).end(body);
  });
}
