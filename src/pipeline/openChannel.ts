import type { AlertSink } from '../alerts/outbox/alertSink.js';
import { withAudience } from '../alerts/sinks/audience.js';
import { dingtalkRobot, wecomRobot } from '../alerts/sinks/chatRobots.js';
import { chatSink } from '../alerts/sinks/chatSink.js';
import { webhookSink } from '../alerts/sinks/webhookSink.js';
import type { Config } from '../core/config/schema.js';
import { AppError } from '../core/errors.js';
import { resolveSecret } from '../core/secrets.js';
import type { OpenSinksOptions } from './openSinks.js';

type Channel = Config['channels'][number];
type Options = Pick<OpenSinksOptions, 'config' | 'env' | 'clock' | 'suppressed' | 'overtaken'>;

/** Opens a channel of the configuration as the sink `channel-NAME`. @throws AppError `config` for a bad address or secret */
export function openChannel(channel: Channel, options: Options): AlertSink {
  const { config, clock, suppressed, overtaken } = options;
  const { priorities, steps, deadlines, quietHours, urgentAlways } = channel;
  const { timeZone } = config.site;
  return withAudience(readers(channel, options), {
    ...{ roles: channel.for, priorities, steps, deadlines, quietHours, urgentAlways, timeZone },
    ...{ clock, suppressed, overtaken },
  });
}

function readers({ name, type, url, secret }: Channel, { config, env, clock }: Options): AlertSink {
  const robot = { name, url: addressOf(name, resolveSecret(url, env)), clock };
  const key = secret === undefined ? undefined : resolveSecret(secret, env);
  const sink = `channel-${name}`;
  if (type === 'webhook') return { ...webhookSink({ ...robot, secret: key! }), name: sink };
  const boardUrl = config.board.publicUrl?.replace(/\/$/, '');
  return chatSink({
    robot: type === 'wecom' ? wecomRobot(robot) : dingtalkRobot(key === undefined ? robot : { ...robot, secret: key }),
    ...{ name: sink, clock, language: config.language, timeZone: config.site.timeZone },
    ...(boardUrl === undefined ? {} : { boardUrl }),
  });
}

function addressOf(name: string, url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url;
  throw new AppError('config', `channel ${name}: its address is not http:// or https://`);
}
