// Response headers as an action wants them, in Node's flat form: names and values in turn.
import type { ForwardAction } from './actions.js';

type HeaderAction = Pick<ForwardAction, 'dropCors' | 'hideHeaders' | 'corruptResponseHeader'>;

export function shapeHeaders(flat: readonly string[], action: HeaderAction): string[] {
  const { dropCors, hideHeaders = [], corruptResponseHeader = {} } = action;
  const kept = pairsOf(flat).flatMap(([name, value]): [string, string][] => {
    const lower = name.toLowerCase();
    if (dropCors && lower.startsWith('access-control-')) return [];
    if (Object.hasOwn(corruptResponseHeader, lower)) return [];
    if (lower === 'access-control-expose-headers') return [[name, without(value, hideHeaders)]];
    return [[name, value]];
  });
  return [...kept, ...Object.entries(corruptResponseHeader)].flat();
}

function without(list: string, hidden: readonly string[]): string {
  const names = list.split(',').map((name) => name.trim());
  return names.filter((name) => !hidden.includes(name.toLowerCase())).join(', ');
}

function pairsOf(flat: readonly string[]): readonly [string, string][] {
  return flat.flatMap((name, index): [string, string][] =>
    index % 2 === 0 ? [[name, flat[index + 1] ?? '']] : [],
  );
}
