// Everything that an upload passes, with a fault proxy on each road:
//   browser or engine ─► storage proxy ─► bucket          browser or engine ─► signer proxy ─► signer ─► storage proxy ─► bucket
// One storage proxy serves both sides, because what is signed names one host; rules tell them apart by `from`.
import { Hono } from 'hono';
import { serve } from '../../server/runtime/node.js';
import { createSigner, type SignerOptions } from '../../server/index.js';
import type { SiteConfig } from '../../server/sites/schema.js';
import { Uploader, type UploaderOptions, type UploaderPorts } from '../../widget/engine/uploader.js';
import { type BucketFindings, inspectBucket, type SourceFile, verifyBucket } from './bucket-oracle.js';
import { startFaultProxy, type FaultProxy } from './fault-proxy.js';
import { createNodeNetwork, type NodeNetwork } from './node-send.js';
import { createTestBucket, startTestStore, type TestBucket, type TestStore } from './test-bucket.js';
import { startProcess, type RunningSigner } from './test-process.js';

export interface FaultStageOptions {
  /** Of the proxies; 1. */
  readonly seed?: number;
  /** `process`: the built program, which can be killed; `inside` (the default) takes `signerOptions`. */
  readonly signer?: 'inside' | 'process';
  readonly signerOptions?: Partial<SignerOptions>;
  /** By how much the clock of a `process` is wrong. */
  readonly clockAheadMs?: number;
  /** Changes to a site that takes everything from any page on this machine. */
  readonly site?: Partial<SiteConfig>;
  /** By default the local bucket in a folder of its own. */
  readonly store?: TestStore;
}

/** How a signer differs from the one that the stage was opened with. */
export type SignerChange = Pick<FaultStageOptions, 'signerOptions' | 'site'>;

export interface FaultStage {
  readonly siteKey: string;
  /** In front of storage, for pages and signer. */
  readonly storage: FaultProxy;
  /** In front of the signer; its `url` is the signer's address. */
  readonly signer: FaultProxy;
  /** The bucket itself, past all faults. */
  readonly bucket: TestBucket;
  /** The engine's ports in Node. */
  readonly network: NodeNetwork;
  /** A headless engine on this stage. */
  createUploader(options?: Partial<UploaderOptions>, ports?: Partial<UploaderPorts>): Uploader;
  /** `kill -9`. @throws {TypeError} Where the signer runs inside the test. */
  killSigner(): Promise<void>;
  /** Asks it to end, and waits. @returns Its exit code. @throws {TypeError} As `killSigner`. */
  endSigner(): Promise<number | null>;
  /** Lets it stand still. @throws {TypeError} As `killSigner`. */
  freezeSigner(durationMs: number): Promise<void>;
  /** Starts it again, with the same secret behind the same proxy. */
  startSigner(): Promise<void>;
  /** From now on these signers answer, in turn. @throws {TypeError} Where the signer is a process of its own. */
  useSigners(...changes: readonly SignerChange[]): void;
  /** @throws {AssertionError} Unless the bucket holds exactly these files: once, whole, nothing open, nothing else. */
  verify(sources: readonly SourceFile[]): Promise<BucketFindings>;
  /** What `verify` judges, without judging. */
  inspect(sources: readonly SourceFile[]): Promise<BucketFindings>;
  /** Leaves nothing running. */
  close(): Promise<void>;
}

export const STAGE_SITE_KEY = 'pk_test_0123456789abcdef0123456789abcdef';
/** Where the headless engine's page would be. */
const PAGE_ORIGIN = 'http://localhost:1';
const SECRET = 'a secret of the fault stage that is long enough';

export async function openFaultStage(options: FaultStageOptions = {}): Promise<FaultStage> {
  const { seed = 1 } = options;
  const store = options.store ?? (await startTestStore());
  const bucket = await createTestBucket(store);
  const storage = await startFaultProxy({ target: store.endpoint, seed });
  const runner = createSignerRunner(options, { endpoint: storage.url, bucket });
  const exposeHeaders = 'x-request-id, retry-after';
  const signer = await startFaultProxy({ target: () => runner.url(), seed: seed + 1, exposeHeaders });
  await runner.start(signer.url);
  const network = createNodeNetwork(PAGE_ORIGIN);
  return {
    siteKey: STAGE_SITE_KEY,
    storage,
    signer,
    bucket,
    network,
    createUploader: (own = {}, ports = {}) =>
      new Uploader(
        { siteKey: STAGE_SITE_KEY, signer: signer.url, ...own },
        { fetch: network.fetch, send: network.send, ...ports },
      ),
    killSigner: () => runner.kill(),
    endSigner: () => runner.end(),
    freezeSigner: (durationMs) => runner.process().freeze(durationMs),
    startSigner: () => runner.start(signer.url),
    useSigners: (...changes) => runner.use(changes),
    verify: (sources) => verifyBucket(bucket, sources),
    inspect: (sources) => inspectBucket(bucket, sources),
    async close() {
      network.close();
      await signer.close();
      await runner.stop();
      await storage.close();
      bucket.close();
      await store.close();
    },
  };
}

interface SignerRunner {
  /** Where it listens now, or did last. */
  url(): string;
  start(publicUrl: string): Promise<void>;
  kill(): Promise<void>;
  end(): Promise<number | null>;
  process(): RunningSigner;
  use(changes: readonly SignerChange[]): void;
  stop(): Promise<void>;
}

interface Place {
  readonly endpoint: string;
  readonly bucket: TestBucket;
}

interface Running {
  readonly url: string;
  readonly process?: RunningSigner;
  readonly use?: (changes: readonly SignerChange[]) => void;
  readonly close: () => Promise<unknown>;
}

function createSignerRunner(options: FaultStageOptions, place: Place): SignerRunner {
  let running: Running | undefined;
  let url = 'http://127.0.0.1:1';
  const open = options.signer === 'process' ? openProcess : openInside;
  const processOf = () => {
    if (running?.process) return running.process;
    throw new TypeError("Only a running signer of its own process has one: signer: 'process'.");
  };
  return {
    url: () => url,
    async start(publicUrl) {
      running ??= await open(options, place, publicUrl);
      // Where `localhost` is tried as ::1 first, a program on 127.0.0.1 costs a refusal each time.
      url = running.url.replace('localhost', '127.0.0.1');
    },
    process: processOf,
    async kill() {
      await processOf().kill();
      await this.stop();
    },
    async end() {
      const exitCode = await processOf().stop();
      await this.stop();
      return exitCode;
    },
    use(changes) {
      if (!running?.use) throw new TypeError('Only signers inside the test can be replaced.');
      running.use(changes);
    },
    async stop() {
      await running?.close();
      running = undefined;
    },
  };
}

async function openInside(options: FaultStageOptions, place: Place, publicUrl: string): Promise<Running> {
  const create = ({ site, signerOptions }: SignerChange) =>
    createSigner({
      sites: { sites: { [STAGE_SITE_KEY]: siteConfig({ site: { ...options.site, ...site } }, place) } },
      secret: SECRET,
      publicUrl,
      env: secretsOf(place),
      ...options.signerOptions,
      ...signerOptions,
    });
  let signers = [create({})];
  let calls = 0;
  const app = new Hono();
  app.all('*', async (c) => {
    const signer = signers[(calls += 1) % signers.length];
    return signer ? signer.fetch(c.req.raw, c.env) : c.notFound();
  });
  const use = (changes: readonly SignerChange[]) => {
    signers = changes.map(create);
  };
  return { ...(await serve({ host: '127.0.0.1', port: 0, app })), use };
}

async function openProcess(options: FaultStageOptions, place: Place, publicUrl: string): Promise<Running> {
  const process = await startProcess({
    SITES_JSON: JSON.stringify({ sites: { [STAGE_SITE_KEY]: siteConfig(options, place) } }),
    SIGNER_SECRET: SECRET,
    PUBLIC_URL: publicUrl,
    HOST: '127.0.0.1',
    ...(options.clockAheadMs === undefined ? {} : wrongClock(options.clockAheadMs)),
    ...secretsOf(place),
  });
  return { url: process.url, process, close: () => process.close() };
}

function wrongClock(aheadMs: number): NodeJS.ProcessEnv {
  const script = new URL('skewed-clock.mjs', import.meta.url);
  return { NODE_OPTIONS: `--import ${script.href}`, CLOCK_AHEAD_MS: String(aheadMs) };
}

function siteConfig({ site = {} }: FaultStageOptions, { endpoint, bucket }: Place): SiteConfig {
  return {
    name: 'Fault stage',
    origins: ['http://localhost:*', 'http://127.0.0.1:*'],
    prefix: 'site/',
    storage: {
      endpoint,
      bucket: bucket.settings.bucket,
      keyId: { env: 'STAGE_KEY_ID' },
      applicationKey: { env: 'STAGE_APPLICATION_KEY' },
      // Said, so that nothing is probed: the probe would be one more request for rules to hit.
      provider: 's3',
    },
    ...site,
  };
}

function secretsOf({ bucket }: Place): Readonly<Record<string, string>> {
  const { keyId, applicationKey } = bucket.settings;
  return { STAGE_KEY_ID: keyId, STAGE_APPLICATION_KEY: applicationKey };
}
