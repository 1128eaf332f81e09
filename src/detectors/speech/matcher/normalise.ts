import { spokenNumber } from './numbers.js';
import { simplified } from './simplified.js';

/** A text as it is compared, and where each of its characters came from. */
export interface Normalised {
  text: string;
  /** For each character of `text`, where its origin begins in the original, and where it ends (outside). */
  at: number[];
  until: number[];
}

/** What people say while they think. 额 is none: it stands in 金额. */
const FILLERS = /[嗯呃啊唔诶欸哎噢]/u;
/** Where a sentence ends; nothing is matched across it. */
const SENTENCE_END = /[。！？!?;；\n]/u;
const NUMBER = /^\d+(\.\d+)?/;

/** Stands for the end of a sentence in a normalised text. */
export const STOP = '。';

/**
 * The form in which words and transcripts are compared: NFKC, simplified characters, small letters, numbers as they are
 * spoken, 两 as 二; without spaces, fillers and punctuation within a sentence.
 */
export function normalise(original: string): Normalised {
  const at: number[] = [];
  const until: number[] = [];
  let text = '';
  const put = (characters: string, from: number, length: number): void => {
    text += characters;
    for (let i = 0; i < characters.length; i += 1) {
      at.push(from);
      until.push(from + length);
    }
  };
  for (let i = 0; i < original.length; ) {
    const rest = original.slice(i);
    const number = NUMBER.exec(widthless(rest.slice(0, 20)))?.[0];
    if (number !== undefined) {
      put(spokenNumber(number), i, number.length);
      i += number.length;
      continue;
    }
    const character = String.fromCodePoint(rest.codePointAt(0)!);
    put(formOf(character), i, character.length);
    i += character.length;
  }
  return { text, at, until };
}

/** Digits and full stops of full width as plain ones, so that places stay the same. */
const widthless = (text: string): string =>
  text.replace(/[０-９．]/gu, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));

function formOf(character: string): string {
  if (SENTENCE_END.test(character)) return STOP;
  if (FILLERS.test(character)) return '';
  const form = simplified(character.normalize('NFKC')).toLowerCase();
  if (form === '两') return '二';
  if (form === '〇') return '零';
  // Beyond the basic plane one character would be two places.
  return [...form].map((one) => (one.length > 1 ? '□' : /[\p{L}\p{N}]/u.test(one) ? one : '')).join('');
}
