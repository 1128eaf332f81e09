import { t } from '../i18n.js';
import type { TextKey } from '../locales/all.js';
import { reasonOf } from '../text/reasons.js';

const levels: Record<string, TextKey> = {
  check: 'words.levelCheck',
  warning: 'words.levelWarning',
  serious: 'words.levelSerious',
};
const tiers: Record<string, TextKey> = {
  sound: 'words.tierSound',
  text: 'words.tierText',
  pinyin: 'words.tierPinyin',
  fuzzy: 'words.tierFuzzy',
};

/** The word for a level; the code itself where the board is older than the server. */
export const levelText = (level: string): string => (levels[level] ? t(levels[level]) : level);

/** How a word was found. */
export const tierText = (tier: string): string => (tiers[tier] ? t(tiers[tier]) : tier);

/** Whether anybody listens in a room, and the reason where there is one: 语音未监测 never stands alone. */
export function speechText({ speech, speechReason }: { speech: string; speechReason?: string | undefined }): string {
  const text = t(
    speech === 'listening' ? 'board.speechListening' : speech === 'demo' ? 'board.speechDemo' : 'board.speechOff',
  );
  return speechReason ? `${text} · ${reasonOf(speechReason)}` : text;
}

/** A text cut where listed words stand in it, for marking. Longer words first; pinyin transcripts mark nothing. */
export function marked(text: string, words: readonly string[]): Array<{ text: string; hit: boolean }> {
  const sorted = [...new Set(words)].filter((word) => word !== '').sort((a, b) => b.length - a.length);
  const parts: Array<{ text: string; hit: boolean }> = [];
  let rest = 0;
  for (let i = 0; i < text.length; ) {
    const word = sorted.find((one) => text.startsWith(one, i));
    if (word === undefined) {
      i += 1;
      continue;
    }
    if (i > rest) parts.push({ text: text.slice(rest, i), hit: false });
    parts.push({ text: word, hit: true });
    i += word.length;
    rest = i;
  }
  if (rest < text.length) parts.push({ text: text.slice(rest), hit: false });
  return parts;
}
