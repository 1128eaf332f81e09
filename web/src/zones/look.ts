import type { AnswerOf } from '../../../src/board/api/contract.js';

/** What the detector saw when it was asked. */
export type Look = AnswerOf<'lookNow'>;
