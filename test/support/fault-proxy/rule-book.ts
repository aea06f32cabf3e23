// The rules of a fault proxy: which one, if any, fires on a request.
import type { FaultAction, FaultRule, RuleHandle, Side } from './actions.js';
import { seededRandom } from './seeded-random.js';

/** What rules look at. */
export interface RequestFacts {
  readonly from: Side;
  readonly method: string;
  /** The method that a preflight asks leave for; undefined for all other requests. */
  readonly preflightFor: string | undefined;
  /** Path and query. */
  readonly url: string;
  readonly partNumber: number | undefined;
  /** As the head announces it. */
  readonly bodyBytes: number;
}

export interface FiredRule {
  readonly name: string;
  readonly action: FaultAction;
}

interface Entry {
  readonly rule: FaultRule;
  readonly random: () => number;
  hits: number;
  matches: number;
}

export class RuleBook {
  readonly #randomOf: (ruleNumber: number) => () => number;
  #entries: readonly Entry[] = [];
  #added = 0;

  /** @param random - Used by all rules; without it each rule draws from a sequence of its own, whatever the others do. */
  constructor(seed: number, random?: () => number) {
    this.#randomOf = (ruleNumber) => random ?? seededRandom(seed + ruleNumber * 7919);
  }

  /** Adds a rule behind the others: the first that fires wins. */
  add(rule: FaultRule): RuleHandle {
    this.#added += 1;
    const entry: Entry = { rule, random: this.#randomOf(this.#added), hits: 0, matches: 0 };
    this.#entries = [...this.#entries, entry];
    return {
      get hits() {
        return entry.hits;
      },
      get matches() {
        return entry.matches;
      },
      remove: () => {
        this.#entries = this.#entries.filter((other) => other !== entry);
      },
    };
  }

  clear(): void {
    this.#entries = [];
  }

  /** The rule that fires on this request; asking counts. */
  fire(facts: RequestFacts): FiredRule | undefined {
    const fired = this.#entries.find((entry) => matches(entry.rule, facts) && fires(entry));
    return fired && { name: nameOf(fired.rule), action: fired.rule.action };
  }
}

function matches(rule: FaultRule, facts: RequestFacts): boolean {
  const { from, method, path, partNumber, minBodyBytes = 0, action } = rule;
  return (
    (from === undefined || from === facts.from) &&
    methodMatches(method, facts, action) &&
    (path === undefined || facts.url.search(path) >= 0) &&
    (partNumber === undefined || partNumber === facts.partNumber) &&
    facts.bodyBytes >= minBodyBytes
  );
}

/** A preflight meets only rules that name OPTIONS, and those that take CORS from the request it stands for. */
function methodMatches(method: string | undefined, facts: RequestFacts, action: FaultAction): boolean {
  if (facts.preflightFor === undefined || method === 'OPTIONS') {
    return method === undefined || method === facts.method;
  }
  return 'dropCors' in action && (method === undefined || method === facts.preflightFor);
}

function fires(entry: Entry): boolean {
  const { nth, times = Infinity, probability } = entry.rule;
  entry.matches += 1;
  // Drawn for every match, so that a seed means the same whatever the other limits say.
  const isDrawn = probability === undefined || entry.random() < probability;
  const isDue = nth === undefined || [nth].flat().includes(entry.matches);
  if (!isDrawn || !isDue || entry.hits >= times) return false;
  entry.hits += 1;
  return true;
}

function nameOf({ name, action }: FaultRule): string {
  if (name !== undefined) return name;
  if ('status' in action) return `status ${action.status}`;
  return Object.keys(action).join('+') || 'pass';
}
