import { Writable } from 'node:stream';
import { type Logger as PinoLogger, pino } from 'pino';
import { redact } from './secrets.js';

/** Structured log: a constant message and fields. Never a password, a face or a transcript. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'> & { child(fields: object): Logger };

export interface LogOptions {
  level?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Where the lines go. Default: standard error, so that standard output stays for results. */
  write?: (line: string) => void;
}

/** Makes the root logger. Every line passes the redactor, whatever field a secret hides in. */
export function makeLogger({ level = 'info', write = (line) => process.stderr.write(line) }: LogOptions = {}): Logger {
  const out = new Writable({
    write(chunk, _encoding, done) {
      write(redact(String(chunk)));
      done();
    },
  });
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, out) as unknown as Logger;
}

/** A logger that says nothing, for tests and one-shot commands. */
export const silentLogger: Logger = makeLogger({ level: 'silent' });
