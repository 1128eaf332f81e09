/** One text in both languages, zh-CN first: a text without its translation does not compile. */
export type Text = readonly [zh: string, en: string];

/** The texts of one area of the board. */
export type Texts = Readonly<Record<string, Text>>;
