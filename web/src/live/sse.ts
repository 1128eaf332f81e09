/** One server-sent event. `id` is the last id seen so far, as the standard has it. */
export interface ServerEvent {
  event: string;
  data: string;
  id: string;
}

/**
 * Splits a stream of text into server-sent events (WHATWG HTML, section 9.2). Comments count as signs of life only:
 * they yield nothing. Feed chunks in order; a chunk may end anywhere.
 */
export function sseParser(lastId = ''): (chunk: string) => ServerEvent[] {
  let rest = '';
  let id = lastId;
  let event = '';
  let data: string[] = [];

  const field = (line: string): void => {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'event') event = value;
    else if (name === 'data') data.push(value);
    else if (name === 'id' && !value.includes('\0')) id = value;
  };

  return (chunk) => {
    const found: ServerEvent[] = [];
    // A carriage return at the very end may be half of a CRLF: it waits for the next chunk.
    const text = rest + chunk;
    const held = text.endsWith('\r') ? text.length - 1 : text.length;
    const lines = text.slice(0, held).split(/\r\n|\n|\r/);
    rest = lines.pop()! + text.slice(held);
    for (const line of lines) {
      if (line !== '') {
        if (!line.startsWith(':')) field(line);
        continue;
      }
      if (data.length > 0) found.push({ event: event || 'message', data: data.join('\n'), id });
      event = '';
      data = [];
    }
    return found;
  };
}
