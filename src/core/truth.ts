/** Three values everywhere: missing data is never "fine" and never "guilty". */
export type Truth = true | false | 'unknown';
