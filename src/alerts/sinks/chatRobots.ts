import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../core/clock.js';
import { AppError } from '../../core/errors.js';
import type { ChatRobot, RobotAnswer } from './chatSink.js';
import { httpPost } from './httpPost.js';

export interface RobotOptions {
  /** Name of the channel, for messages of ours. */
  name: string;
  /** The robot's address with its key: a secret, in no message and no log. */
  url: string;
  clock: Clock;
  /** Longest wait for an answer, ms. Default 10 s. */
  limitMs?: number;
}

/** Both answer 200 with a code of their own. */
const answerForm = z.object({ errcode: z.number(), errmsg: z.string().default('') });

/** Codes by which the chats say "too many messages": WeCom 45009, 45033; DingTalk 130101, 410100, -1 (busy). */
const TOO_MANY: readonly number[] = [45009, 45033, 130101, 410100, -1];

/**
 * The robot of a WeCom group (企业微信群机器人). Form of the message: developer.work.weixin.qq.com, document 91770,
 * message type `text`, at most 2048 bytes, 20 a minute.
 */
export function wecomRobot(options: RobotOptions): ChatRobot {
  return { post: (text, signal) => send(options.url, text, options, signal) };
}

/**
 * The robot of a DingTalk group (钉钉群机器人), with 加签 where a secret is given: the address then carries `timestamp`
 * (ms) and `sign`, the base64 HMAC-SHA-256 under the secret of `TIMESTAMP\nSECRET` (open.dingtalk.com, "custom robot
 * security settings"). 20 messages a minute.
 */
export function dingtalkRobot(options: RobotOptions & { secret?: string }): ChatRobot {
  const { url, secret, clock } = options;
  return {
    post: (text, signal) => send(secret === undefined ? url : signed(url, secret, clock.now()), text, options, signal),
  };
}

function signed(url: string, secret: string, timestampMs: number): string {
  const sign = createHmac('sha256', secret).update(`${timestampMs}\n${secret}`).digest('base64');
  const address = new URL(url);
  address.searchParams.set('timestamp', String(timestampMs));
  address.searchParams.set('sign', sign);
  return address.href;
}

async function send(url: string, text: string, options: RobotOptions, signal: AbortSignal): Promise<RobotAnswer> {
  const { name, clock, limitMs = 10_000 } = options;
  const body = JSON.stringify({ msgtype: 'text', text: { content: text } });
  const answer = await httpPost({ what: `channel ${name}`, url, body, clock, limitMs }, signal);
  if (answer.type === 'none') return { type: 'later', error: answer.error };
  const { status } = answer;
  const problem = (code: 'unreachable' | 'protocol' | 'auth-failed', why: string, hint?: string): RobotAnswer => ({
    type: 'later',
    error: new AppError(code, `channel ${name}: ${why}`, { retryable: true, ...(hint ? { hint } : {}) }),
  });
  if (status !== 200) return problem(status >= 500 || status === 429 ? 'unreachable' : 'protocol', `status ${status}`);
  const read = answerForm.safeParse(jsonOf(answer.text));
  if (!read.success) return problem('protocol', 'answers in an unknown form', 'check the address of the robot');
  const { errcode, errmsg } = read.data;
  if (errcode === 0) return { type: 'sent' };
  if (TOO_MANY.includes(errcode)) return problem('unreachable', `too many messages (${errcode})`);
  return problem(
    'auth-failed',
    `refused: ${errcode} ${errmsg.slice(0, 200)}`,
    "check the robot's address, secret and keywords",
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Judged by the form above, as anything else that is no answer.
    return undefined;
  }
}
