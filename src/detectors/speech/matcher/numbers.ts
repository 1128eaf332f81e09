const DIGITS = '零一二三四五六七八九';
const PLACES = ['', '十', '百', '千'];

/**
 * A number in digits as it is spoken: `15` is 十五, `1.5` is 一点五, `100000` is 十万. A row with a zero in front or more
 * than eight digits is a number plate or a telephone and is read digit by digit.
 * @param digits 0-9, with at most one full stop inside
 */
export function spokenNumber(digits: string): string {
  const [whole = '', fraction] = digits.split('.');
  const tail = fraction === undefined ? '' : `点${oneByOne(fraction)}`;
  if (whole.length > 8 || (whole.length > 1 && whole.startsWith('0'))) return oneByOne(whole) + tail;
  const value = Number(whole);
  const high = Math.floor(value / 10000);
  const low = value % 10000;
  if (high === 0) return underTenThousand(low) + tail;
  const rest = low === 0 ? '' : `${low < 1000 ? '零' : ''}${underTenThousand(low)}`;
  return `${underTenThousand(high)}万${rest}${tail}`;
}

const oneByOne = (digits: string): string => digits.replace(/\d/g, (digit) => DIGITS[Number(digit)]!);

function underTenThousand(value: number): string {
  if (value === 0) return '零';
  const digits = [...String(value)].map(Number);
  const read = digits
    .map((digit, i) => (digit === 0 ? '零' : `${DIGITS[digit]}${PLACES[digits.length - 1 - i]}`))
    .join('')
    .replace(/零+/g, '零')
    .replace(/零$/, '');
  return value >= 10 && value < 20 ? read.slice(1) : read;
}
