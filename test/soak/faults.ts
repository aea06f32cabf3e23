// What the soak does to lines, storage and signer, and how often.
import type { FaultAction, FaultRule, RuleHandle } from '../support/fault-proxy.js';
import type { FaultStage } from '../support/fault-stage.js';

interface Fault {
  readonly name: string;
  readonly road: 'storage' | 'signer';
  readonly rule: Omit<FaultRule, 'name' | 'action'>;
  readonly action: FaultAction;
}

const error = (code: string) => `<Error><Code>${code}</Code><Message>A fault of the soak.</Message></Error>`;
const HTML = '<html><title>Bad gateway</title></html>';
const LAST_PART = /<Part>(?:(?!<Part>)[\s\S])*?<\/Part>(?=(?:(?!<Part>)[\s\S])*$)/;

const PUT = { from: 'browser', method: 'PUT' } as const;
const LIST = { from: 'signer', method: 'GET', path: /uploadId=/ } as const;
const COMPLETE = { from: 'signer', method: 'POST', path: /uploadId=/ } as const;
const CALL = { from: 'browser', path: /^\/v1\// } as const;

const FAULTS: readonly Fault[] = [
  put('503 SlowDown', 0.03, { status: 503, body: error('SlowDown') }),
  put('500 InternalError', 0.02, { status: 500, body: error('InternalError') }),
  put('400 RequestTimeout', 0.01, { status: 400, body: error('RequestTimeout') }),
  put('403 expired', 0.02, { status: 403, body: error('AccessDenied') }),
  put('refused before it is read', 0.01, { status: 503, body: error('SlowDown'), readBody: false }),
  put('reset in the middle', 0.03, { resetAfterBytes: 50_000 }),
  put('reset at the head', 0.02, { down: true }),
  put('answer lost', 0.02, { swallow: true }),
  put('stalled', 0.01, { stallAfterBytes: 100_000 }),
  put('byte flipped', 0.02, { corruptByte: 20 }),
  put('sent twice on its way', 0.01, { duplicate: true }),
  put('answer hidden by CORS', 0.01, { dropCors: true }),
  put('slow line', 0.03, { throttleBytesPerSecond: 4_000_000 }),
  storage(
    'ListParts behind the times',
    { ...LIST, probability: 0.1 },
    {
      rewriteResponse: (xml) => xml.replace(LAST_PART, ''),
    },
  ),
  storage('Complete lost', { ...COMPLETE, probability: 0.1 }, { swallow: true }),
  storage(
    'Complete 200 with an error',
    { ...COMPLETE, probability: 0.1 },
    {
      status: 200,
      body: error('InternalError'),
    },
  ),
  storage(
    'Complete done, 200 with an error',
    { ...COMPLETE, probability: 0.05 },
    {
      rewriteResponse: () => error('InternalError'),
    },
  ),
  storage(
    '503 to the signer',
    { from: 'signer', probability: 0.03 },
    { status: 503, body: error('SlowDown') },
  ),
  storage('signer cut off from storage', { from: 'signer', probability: 0.02 }, { down: true }),
  call('signer 502 with HTML', 0.03, { status: 502, body: HTML }),
  call('signer answer lost', 0.02, { swallow: true }),
  call('signer answer cut in half', 0.01, { rewriteResponse: (body) => body.slice(0, body.length / 2) }),
  call('signer line broken', 0.03, { down: true }),
  call('signer answer hidden by CORS', 0.01, { dropCors: true }),
  call('signer slow', 0.02, { delayResponseMs: 1500 }),
];

export interface Weather {
  /** How often each fault struck, by its name. */
  tally(): ReadonlyMap<string, number>;
  /** Clear skies from now on. */
  end(): void;
}

/** Lets faults strike by the seeds of the stage's proxies. */
export function startWeather(stage: FaultStage): Weather {
  const handles = FAULTS.map(({ name, road, rule, action }): readonly [string, RuleHandle] => [
    name,
    stage[road].rules.add({ ...rule, name, action }),
  ]);
  return {
    tally: () => new Map(handles.map(([name, { hits }]) => [name, hits])),
    end() {
      stage.storage.rules.clear();
      stage.signer.rules.clear();
      stage.storage.release();
    },
  };
}

function put(name: string, probability: number, action: FaultAction): Fault {
  return storage(name, { ...PUT, probability }, action);
}

function storage(name: string, rule: Fault['rule'], action: FaultAction): Fault {
  return { name, road: 'storage', rule, action };
}

function call(name: string, probability: number, action: FaultAction): Fault {
  return { name, road: 'signer', rule: { ...CALL, probability }, action };
}
