// The default without any configuration: the embedded bucket in the data folder, and one site for pages on localhost.
import { CreateBucketCommand, PutBucketCorsCommand, S3Client } from '@aws-sdk/client-s3';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startLocalBucket, type LocalBucket } from '../local-bucket/local-bucket.js';
import { formatOriginPattern } from '../origin.js';
import { LOOPBACK_ORIGINS } from '../sites/article-site.js';
import { parseSites } from '../sites/parse-sites.js';
import type { Site } from '../sites/site.js';
import { folderFailure, openDataFolder, type LocalSecrets } from './data-folder.js';
import { errorCode, EXIT, Failure } from './failure.js';

export const LOCAL_SITE_KEY = 'pk_local';

/** What the widget and the article ask of a bucket. */
const CORS_HEADERS = ['content-type', 'content-md5', 'if-none-match', 'x-amz-*'];
const CORS_EXPOSED = ['etag', 'x-amz-version-id', 'x-amz-request-id'];

export interface LocalBucketPlace {
  /** Where the bucket and its secrets are kept. */
  readonly folder: string;
  /** 0 or absent: any free one. */
  readonly port?: number;
  readonly profile?: 's3' | 'b2';
}

/** A running local bucket with one bucket in it and the key that opens it. */
export interface OpenBucket extends LocalSecrets {
  readonly folder: string;
  readonly endpoint: string;
  readonly region: string;
  close(): Promise<void>;
}

/**
 * Starts the local bucket and makes the one bucket in it, if it is not there yet. It has no CORS rules until they are set.
 * @throws {Failure} When the folder can't be used or the port is taken.
 */
export async function openLocalBucket(place: LocalBucketPlace): Promise<OpenBucket> {
  const folder = resolve(place.folder);
  const secrets = openDataFolder(folder);
  const server = await startServer({ ...place, folder }, secrets);
  const { endpoint, region } = server;
  const bucket = { ...secrets, folder, endpoint, region, close: async () => server.close() };
  try {
    await makeBucket(bucket);
    return bucket;
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** The site `pk_local` on a local bucket, whose CORS rules are set for the site's origins. */
export async function openLocalSite(bucket: OpenBucket, signerSecret: string): Promise<Site> {
  const config = {
    sites: {
      [LOCAL_SITE_KEY]: {
        name: 'Local',
        origins: [...LOOPBACK_ORIGINS],
        storage: {
          endpoint: bucket.endpoint,
          bucket: bucket.bucket,
          region: bucket.region,
          keyId: { env: 'keyId' },
          applicationKey: { env: 'applicationKey' },
        },
        image: { maxWidth: 2048, maxHeight: 2048 },
      },
    },
  };
  const own: Readonly<Record<string, string>> = {
    keyId: bucket.keyId,
    applicationKey: bucket.applicationKey,
  };
  const parsed = await parseSites(config, {
    readSecret: (reference) => ('env' in reference ? own[reference.env] : undefined),
    production: false,
    signerSecret,
  });
  const [site] = parsed.sites;
  if (!site) throw new Error(`The local site does not hold: ${JSON.stringify(parsed.problems)}`);
  await setCors(bucket, site.origins.map(formatOriginPattern));
  return site;
}

async function startServer(place: LocalBucketPlace, secrets: LocalSecrets): Promise<LocalBucket> {
  const { keyId, applicationKey } = secrets;
  const dir = join(place.folder, 'bucket');
  try {
    mkdirSync(dir, { recursive: true });
    return await startLocalBucket({
      dir,
      credentials: { keyId, applicationKey },
      port: place.port ?? 0,
      profile: place.profile ?? 's3',
    });
  } catch (cause) {
    if (errorCode(cause) !== 'EADDRINUSE') throw folderFailure(place.folder, cause);
    const message = `Port ${place.port} is in use by another program. Choose another one, or 0 for any free one.`;
    throw new Failure(message, EXIT.problem, { cause });
  }
}

async function makeBucket(bucket: OpenBucket): Promise<void> {
  const client = clientOf(bucket);
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket.bucket }));
  } catch (error) {
    const isThere = error instanceof Error && error.name.startsWith('BucketAlready');
    if (!isThere) throw error;
  } finally {
    client.destroy();
  }
}

async function setCors(bucket: OpenBucket, origins: readonly string[]): Promise<void> {
  const client = clientOf(bucket);
  const rule = {
    AllowedOrigins: [...origins],
    AllowedMethods: ['PUT', 'GET', 'HEAD'],
    AllowedHeaders: CORS_HEADERS,
    ExposeHeaders: CORS_EXPOSED,
    MaxAgeSeconds: 3600,
  };
  try {
    const CORSConfiguration = { CORSRules: [rule] };
    await client.send(new PutBucketCorsCommand({ Bucket: bucket.bucket, CORSConfiguration }));
  } finally {
    client.destroy();
  }
}

function clientOf({ endpoint, region, keyId, applicationKey }: OpenBucket): S3Client {
  return new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId: keyId, secretAccessKey: applicationKey },
    maxAttempts: 1,
  });
}
