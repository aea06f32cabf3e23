// Presigned addresses: one reused SigV4 presigner per bucket, fed with plain requests.
import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { S3RequestPresigner } from '@aws-sdk/s3-request-presigner';
import type { StorageSettings } from '../sites/site.js';

export interface PresignInput {
  readonly method: 'PUT' | 'GET';
  readonly key: string;
  /** Lower-case names; all of them are signed and must be sent as given. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly expiresInSeconds: number;
}

export type Presign = (input: PresignInput) => Promise<string>;

/**
 * Makes the presign function of one bucket. The SDK's getSignedUrl builds a middleware stack for every address;
 * handing the presigner a finished request is its documented shortcut and an order of magnitude cheaper. It also
 * never adds the `x-amz-checksum-*` parameters of an empty body that strict stores refuse.
 */
export function createPresign(settings: StorageSettings, now: () => Date): Presign {
  const signer = new S3RequestPresigner({
    region: settings.region,
    credentials: { accessKeyId: settings.keyId, secretAccessKey: settings.applicationKey },
    sha256: Sha256,
  });
  const base = bucketAddress(settings);
  return async ({ method, key, headers = {}, query = {}, expiresInSeconds }) => {
    const request = new HttpRequest({
      method,
      protocol: base.protocol,
      hostname: base.hostname,
      ...(base.port === '' ? {} : { port: Number(base.port) }),
      path: `${base.path}/${encodeKey(key)}`,
      query: { ...query },
      headers: { ...headers },
    });
    // The SDK leaves content-type unsigned and moves x-amz-* into the query unless told otherwise.
    const names = new Set(Object.keys(headers));
    const signed = await signer.presign(request, {
      expiresIn: expiresInSeconds,
      signingDate: now(),
      signableHeaders: new Set([...names, 'host']),
      unhoistableHeaders: names,
    });
    return `${base.origin}${signed.path}?${toQuery(signed.query ?? {})}`;
  };
}

/** The address of an object for a public bucket. */
export function publicAddress(settings: StorageSettings, key: string): string {
  if (settings.publicUrl !== null) return `${settings.publicUrl}/${encodeKey(key)}`;
  const { origin, path } = bucketAddress(settings);
  return `${origin}${path}/${encodeKey(key)}`;
}

/** Percent-encodes a key for a path as S3 does; slashes stay. */
export function encodeKey(key: string): string {
  return key.split('/').map(escapeUri).join('/');
}

/**
 * Whether the bucket's name goes into the path: as configured, and wherever it cannot be a label of the host name.
 * A certificate for *.host does not cover dots, browsers lower-case hosts, and an address has no labels.
 */
export function usesPathStyle({
  endpoint,
  bucket,
  pathStyle,
}: Pick<StorageSettings, 'endpoint' | 'bucket' | 'pathStyle'>): boolean {
  const { hostname } = new URL(endpoint);
  const isAddress = hostname.startsWith('[') || /^[\d.]+$/.test(hostname);
  return pathStyle || isAddress || !/^[a-z0-9-]+$/.test(bucket);
}

function bucketAddress({ endpoint, bucket, pathStyle }: StorageSettings) {
  const { protocol, hostname, port } = new URL(endpoint);
  const inPath = usesPathStyle({ endpoint, bucket, pathStyle });
  const host = inPath ? hostname : `${bucket}.${hostname}`;
  const path = inPath ? `/${escapeUri(bucket)}` : '';
  return {
    protocol,
    hostname: host,
    port,
    path,
    origin: `${protocol}//${host}${port === '' ? '' : `:${port}`}`,
  };
}

function toQuery(query: Readonly<Record<string, string | string[] | null>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${escapeUri(name)}=${escapeUri(String(value ?? ''))}`)
    .join('&');
}

/** RFC 3986: encodeURIComponent leaves !'()* alone, SigV4 does not. */
function escapeUri(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
