import { canonicalJson, sha256 } from '../../core/hash.js';
import type { WorkflowStep } from './workflow.js';

/** What stands before the first step of an incident. */
export const CHAIN_START = '0'.repeat(64);

/** A step bound to the one before it. */
export interface ChainedStep extends WorkflowStep {
  previousHash: string;
  /** SHA-256 over `previousHash`, a line break, and the step as canonical JSON. */
  hash: string;
}

/** Whether a chain is whole. `head` is the last hash: noted elsewhere, it shows a chain that was rewritten from its start. */
export type ChainVerdict =
  | { ok: true; head: string }
  | { ok: false; ordinal: number; reason: 'missing' | 'not-linked' | 'altered' };

/**
 * Binds a step to the hash before it. The ledger keeps one chain over the steps of all incidents; this one is an
 * incident's own, so that it can be handed over and checked without the others.
 */
export const chainStep = (previousHash: string, step: WorkflowStep): ChainedStep => ({
  ...step,
  previousHash,
  hash: sha256(`${previousHash}\n${canonicalJson(step)}`),
});

/** Binds the steps of one incident, from its first. */
export function chainSteps(steps: Iterable<WorkflowStep>): ChainedStep[] {
  const chain: ChainedStep[] = [];
  for (const step of steps) chain.push(chainStep(chain.at(-1)?.hash ?? CHAIN_START, step));
  return chain;
}

/** Checks the steps of one incident, first to last. */
export function verifyChain(steps: Iterable<ChainedStep>): ChainVerdict {
  let head = CHAIN_START;
  let ordinal = 0;
  for (const { previousHash, hash, ...step } of steps) {
    ordinal += 1;
    if (step.ordinal !== ordinal) return { ok: false, ordinal, reason: 'missing' };
    if (previousHash !== head) return { ok: false, ordinal, reason: 'not-linked' };
    if (chainStep(previousHash, step).hash !== hash) return { ok: false, ordinal, reason: 'altered' };
    head = hash;
  }
  return { ok: true, head };
}
