// The store in memory keeps the contract.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMemoryStore } from '../../../../widget/engine/resume/memory-store.js';
import { contracts } from './resume-store.contract.js';

describe('the resume store in memory', () => {
  for (const { title, run } of contracts) {
    it(title, () => run(createMemoryStore(), assert.deepEqual));
  }
});
