import { Converter } from 'opencc-js/t2cn';

/** OpenCC's table of characters (opencc.byvoid.com, Apache-2.0). Its phrases are left out: places in a text must stay. */
const convert = Converter({ from: 't', to: 'cn' });
const known = new Map<string, string>();

/** The simplified form of one character; the character itself where it has none or is simplified already. */
export function simplified(character: string): string {
  const found = known.get(character);
  if (found !== undefined) return found;
  const form = convert(character);
  known.set(character, form);
  return form;
}
