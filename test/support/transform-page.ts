// The built package's `transformImage` on a real page, for tests in Node: bytes and wishes go in, bytes and outcome come out.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { TransformOptions } from '../../widget/image/transform.js';
import { launchChromium } from './test-page.js';

/** What became of an image; `code` instead when it must not be sent. */
export interface Outcome {
  readonly bytes: Buffer;
  readonly type: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly changed: boolean;
  readonly code?: string;
  /** How often the browser was asked to decode anything. */
  readonly decodeCount: number;
}

export interface TransformPage {
  transform(source: Buffer, type: string, options?: TransformOptions): Promise<Outcome>;
  close(): Promise<void>;
}

/** Where bytes lie for the page to fetch, and come back to. */
interface Exchange {
  readonly sources: Map<string, Buffer>;
  readonly made: Map<string, Buffer>;
}

/** Runs in the page before anything else; text, for a function would bring the compiler's helpers with it. */
const COUNT_DECODES = {
  content: `
    let count = 0;
    const { createImageBitmap: decode, ImageDecoder: Decoder } = globalThis;
    globalThis.createImageBitmap = (...args) => (count++, decode(...args));
    globalThis.ImageDecoder = class extends Decoder {
      constructor(init) {
        count++;
        super(init);
      }
    };
    globalThis.takeDecodeCount = () => {
      const taken = count;
      count = 0;
      return taken;
    };`,
};

const PACKAGE = join(import.meta.dirname, '../../dist/npm');

/** Opens a page that may import the built package. */
export async function openTransformPage(): Promise<TransformPage> {
  const exchange: Exchange = { sources: new Map(), made: new Map() };
  const server = createServer((request, response) => void answer(request, response, exchange));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const browser = await launchChromium();
  const page = await browser.newPage();
  await page.addInitScript(COUNT_DECODES);
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/page`);
  let count = 0;
  return {
    transform: async (source, type, options = {}) => {
      const id = `${(count += 1)}`;
      exchange.sources.set(id, source);
      const outcome = await transformInPage(page, { id, type, options });
      const bytes = exchange.made.get(id) ?? Buffer.alloc(0);
      exchange.sources.clear();
      exchange.made.clear();
      return { ...outcome, bytes };
    },
    close: async () => {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { sources, made }: Exchange,
): Promise<void> {
  const [, folder = '', id = ''] = (request.url ?? '').split('/');
  if (folder === 'source') response.end(sources.get(id));
  else if (folder === 'made') {
    made.set(id, Buffer.concat((await request.toArray()) as Buffer[]));
    response.end();
  } else if (folder === 'page') response.writeHead(200, { 'content-type': 'text/html' }).end();
  else {
    const text = await readFile(join(PACKAGE, request.url ?? '')).catch(() => undefined);
    response.writeHead(text ? 200 : 404, { 'content-type': 'text/javascript' }).end(text);
  }
}

interface Task {
  readonly id: string;
  readonly type: string;
  readonly options: TransformOptions;
}

function transformInPage(page: Page, task: Task): Promise<Omit<Outcome, 'bytes'>> {
  return page.evaluate(async ({ id, type, options }) => {
    const entry = '/image.js';
    const { transformImage } = await import(entry);
    const { takeDecodeCount } = globalThis as unknown as { readonly takeDecodeCount: () => number };
    const bytes = await (await fetch(`/source/${id}`)).arrayBuffer();
    try {
      const { blob, ...outcome } = await transformImage(new Blob([bytes], { type }), options);
      const decodeCount = takeDecodeCount();
      await fetch(`/made/${id}`, { method: 'POST', body: blob });
      return { ...outcome, decodeCount };
    } catch (error) {
      const { code } = error as { readonly code?: string };
      const nothing = { type: '', width: null, height: null, changed: false };
      return { ...nothing, decodeCount: takeDecodeCount(), code: code ?? String(error) };
    }
  }, task);
}
