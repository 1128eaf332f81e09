import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeLogger } from '../../src/core/log.js';
import { redact, rememberSecret, resolveSecret } from '../../src/core/secrets.js';

const password = fc.oneof(
  fc.string({ minLength: 6, maxLength: 24 }),
  fc.string({ minLength: 4, maxLength: 12, unit: fc.constantFrom(...'海曙区政务服务中心密码评标') }),
);

describe('secrets', () => {
  it('never reach a log line, whatever field and form they hide in', () => {
    fc.assert(
      fc.property(password, fc.constantFrom('plain', 'url', 'field', 'base64'), (secret, form) => {
        rememberSecret(secret);
        const lines: string[] = [];
        const log = makeLogger({ write: (line) => lines.push(line) });
        const shown = {
          plain: secret,
          url: `rtsp://admin:${encodeURIComponent(secret)}@10.0.0.1/sub`,
          field: secret,
          base64: Buffer.from(secret).toString('base64'),
        }[form];
        log.info(form === 'field' ? { deep: { detail: shown } } : { error: `failed: ${shown}` }, 'a message');
        // The fixed part of the line may happen to contain a short secret such as "messag"; the field may not.
        const { msg, time, level, ...fields } = JSON.parse(lines[0]!.replaceAll('***', '')) as Record<string, unknown>;
        expect(JSON.stringify(fields)).not.toContain(JSON.stringify(shown).slice(1, -1));
      }),
    );
  });

  it('are taken out of addresses even when nobody registered them', () => {
    expect(redact('open rtsp://admin:hunter2@10.0.0.9:554/ch1 failed')).toBe('open rtsp://***@10.0.0.9:554/ch1 failed');
  });

  it('come from the environment or a file, never from the text itself', () => {
    expect(resolveSecret('${env:CAM}', { CAM: 'from-env' })).toBe('from-env');
    expect(() => resolveSecret('plain-text', {})).toThrow(/only a reference/);
    expect(() => resolveSecret('${env:CAM}', {})).toThrow(/empty or not set/);
    expect(() => resolveSecret('${file:/nonexistent/x}', {})).toThrow(/cannot be read/);
  });
});
