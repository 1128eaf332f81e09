import { request } from 'node:http';

export interface SentEvent {
  id: string | undefined;
  event: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read events freely
  data: any;
}

/** A browser's EventSource without the browser. */
export interface EventReader {
  events: SentEvent[];
  status: number;
  /** Resolves once an event fits; rejects when the stream ends first. */
  until(fits: (event: SentEvent) => boolean): Promise<SentEvent>;
  ended: Promise<void>;
  close(): void;
}

/** Opens the stream; resolves with its first bytes. */
export function readEvents(url: string, headers: Record<string, string>): Promise<EventReader> {
  return new Promise((resolve, reject) => {
    const call = request(url, { headers, agent: false }, (response) => {
      const events: SentEvent[] = [];
      const waiting: Array<{
        fits: (event: SentEvent) => boolean;
        resolve: (event: SentEvent) => void;
        reject: (error: Error) => void;
      }> = [];
      let rest = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        const parts = (rest + text).split('\n\n');
        rest = parts.pop()!;
        for (const event of parts.flatMap((part) => parseEvent(part) ?? [])) {
          events.push(event);
          for (const wait of [...waiting]) {
            if (!wait.fits(event)) continue;
            waiting.splice(waiting.indexOf(wait), 1);
            wait.resolve(event);
          }
        }
      });
      const ended = new Promise<void>((done) => {
        response.once('close', () => {
          for (const wait of waiting) wait.reject(new Error('the stream ended first'));
          done();
        });
      });
      response.on('error', () => {});
      resolve({
        events,
        status: response.statusCode!,
        ended,
        until(fits) {
          const known = events.find(fits);
          return known
            ? Promise.resolve(known)
            : new Promise((done, fail) => waiting.push({ fits, resolve: done, reject: fail }));
        },
        close: () => void call.destroy(),
      });
    });
    call.on('error', reject);
    call.end();
  });
}

function parseEvent(text: string): SentEvent | undefined {
  const fields = new Map(
    text.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
  const data = fields.get('data');
  return data === undefined ? undefined : { id: fields.get('id'), event: fields.get('event')!, data: JSON.parse(data) };
}
