/** The loop of 发现 - 处理 - 反馈, in its order; `false-alarm` is the branch that ends it early. */
export const WORKFLOW_STATES = [
  'found',
  'verifying',
  'assigned',
  'handling',
  'answered',
  'reviewed',
  'closed',
  'false-alarm',
] as const;

/** A person's word on an incident. `cannot-tell` never counts against anyone. */
export const VERDICTS = ['confirmed', 'excused', 'false-alarm', 'cannot-tell'] as const;

/** What becomes of an appeal. */
export const APPEAL_STATES = ['open', 'upheld', 'overturned', 'corrected'] as const;
