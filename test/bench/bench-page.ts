// One page of the bench, in a browser context and a renderer of its own.
import type { ProtocolEvent, ProtocolPipe } from './protocol-pipe.js';

export interface BenchPage {
  /** @returns The expression's value, awaited. */
  evaluate<T>(expression: string): Promise<T>;
  /** Chooses files as the file dialog does. */
  chooseFiles(selector: string, paths: readonly string[]): Promise<void>;
  /** Moves the pointer; pixels from the left and upper edge of the page. */
  point(x: number, y: number): Promise<void>;
  collectGarbage(): Promise<void>;
  /** Makes the window so high, in CSS pixels. */
  setHeight(heightPx: number): Promise<void>;
  close(): Promise<void>;
}

interface Evaluated {
  readonly result: { readonly value?: unknown };
  readonly exceptionDetails?: { readonly exception?: { readonly description?: string } };
}

interface ConsoleCall {
  readonly type: string;
  readonly args: readonly { readonly value?: unknown; readonly description?: string }[];
}

/** @param onError - Hears what the page logs as errors. */
export async function openPage(
  pipe: ProtocolPipe,
  url: string,
  onError: (text: string) => void,
): Promise<BenchPage> {
  const { browserContextId } = await pipe.send<{ browserContextId: string }>('Target.createBrowserContext');
  const target = { url: 'about:blank', browserContextId };
  const { targetId } = await pipe.send<{ targetId: string }>('Target.createTarget', target);
  const attach = { targetId, flatten: true };
  const { sessionId } = await pipe.send<{ sessionId: string }>('Target.attachToTarget', attach);
  const send = <T>(method: string, params: object = {}): Promise<T> =>
    pipe.send<T>(method, params, sessionId);
  const unlisten = pipe.listen((event) => {
    const text = event.sessionId === sessionId ? errorText(event) : undefined;
    if (text !== undefined) onError(text);
  });
  await send('Page.enable');
  await send('Runtime.enable');
  const loaded = firstEvent(pipe, sessionId, 'Page.loadEventFired');
  await send('Page.navigate', { url });
  await loaded;
  return {
    evaluate: async <T>(expression: string) => {
      const options = { expression, awaitPromise: true, returnByValue: true };
      const { result, exceptionDetails } = await send<Evaluated>('Runtime.evaluate', options);
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? 'The page threw.');
      return result.value as T;
    },
    chooseFiles: async (selector, files) => {
      const { root } = await send<{ root: { nodeId: number } }>('DOM.getDocument');
      const found = { nodeId: root.nodeId, selector };
      const { nodeId } = await send<{ nodeId: number }>('DOM.querySelector', found);
      await send('DOM.setFileInputFiles', { nodeId, files });
    },
    point: (x, y) => send('Input.dispatchMouseEvent', { type: 'mouseMoved', x, y }),
    collectGarbage: () => send('HeapProfiler.collectGarbage'),
    setHeight: (height) =>
      send('Emulation.setDeviceMetricsOverride', { width: 0, height, deviceScaleFactor: 1, mobile: false }),
    close: async () => {
      unlisten();
      await pipe.send('Target.disposeBrowserContext', { browserContextId });
    },
  };
}

function firstEvent(pipe: ProtocolPipe, sessionId: string, method: string): Promise<void> {
  return new Promise((resolve) => {
    const unlisten = pipe.listen((event) => {
      if (event.sessionId !== sessionId || event.method !== method) return;
      unlisten();
      resolve();
    });
  });
}

/** What a page complained about; undefined when the event is about something else. */
function errorText({ method, params }: ProtocolEvent): string | undefined {
  if (method === 'Runtime.exceptionThrown') {
    return (params as Evaluated).exceptionDetails?.exception?.description ?? 'The page threw.';
  }
  if (method !== 'Runtime.consoleAPICalled') return undefined;
  const { type, args } = params as ConsoleCall;
  if (type !== 'error') return undefined;
  return args.map(({ value, description }) => description ?? JSON.stringify(value)).join(' ');
}
