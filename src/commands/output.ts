import { AppError, messageOf } from '../core/errors.js';
import { redact } from '../core/secrets.js';

/** 0 fine, 1 a finding, 2 a mistake in the call or the configuration. */
export type ExitCode = 0 | 1 | 2;

/** One JSON line on standard output. Keys come out in the order given, so that equal runs give equal bytes. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** One line of text on standard output. */
export function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Something for the person at the terminal that is no result. */
export function printNote(text: string): void {
  process.stderr.write(`${redact(text)}\n`);
}

/** A file that cannot be read costs its own line and exit code 1, never the files after it. */
export function printFileFailure({ file, error }: { file: string; error: unknown }, json: boolean): void {
  process.exitCode = 1;
  const code = error instanceof AppError ? error.code : 'internal';
  if (json) printJson({ file, error: { code, message: messageOf(error) } });
  printNote(`hallwatch: ${messageOf(error)}`);
}

/** Says what failed and what to do, and gives the exit code for it. */
export function reportError(error: unknown): ExitCode {
  printNote(`hallwatch: ${messageOf(error)}`);
  if (error instanceof AppError && error.hint !== undefined) printNote(`  ${error.hint}`);
  if (!(error instanceof AppError) && error instanceof Error && process.env.HALLWATCH_DEBUG)
    printNote(String(error.stack));
  return error instanceof AppError && (error.code === 'usage' || error.code === 'config' || error.code === 'not-found')
    ? 2
    : 1;
}
