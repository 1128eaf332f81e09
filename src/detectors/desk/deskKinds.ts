/** Names a standard may use for things: COCO's own, Chinese words, and groups. Each stands for one or more COCO classes. */
const FOOD = ['banana', 'apple', 'sandwich', 'orange', 'broccoli', 'carrot', 'hot dog', 'pizza', 'donut', 'cake'];
const BAGS = ['handbag', 'backpack', 'suitcase'];

const NAMES: Readonly<Record<string, readonly string[]>> = {
  food: FOOD,
  食品: FOOD,
  食物: FOOD,
  bag: BAGS,
  包: BAGS,
  箱包: BAGS,
  monitor: ['tv'],
  显示器: ['tv'],
  显示屏: ['tv'],
  电脑: ['laptop', 'tv'],
  笔记本电脑: ['laptop'],
  键盘: ['keyboard'],
  鼠标: ['mouse'],
  水杯: ['cup'],
  杯子: ['cup'],
  水瓶: ['bottle'],
  瓶子: ['bottle'],
  碗: ['bowl'],
  手提包: ['handbag'],
  背包: ['backpack'],
  行李箱: ['suitcase'],
  雨伞: ['umbrella'],
  书: ['book'],
  书本: ['book'],
  phone: ['cell phone'],
  手机: ['cell phone'],
  遥控器: ['remote'],
  剪刀: ['scissors'],
  plant: ['potted plant', 'vase'],
  绿植: ['potted plant', 'vase'],
  椅子: ['chair'],
  玩具: ['teddy bear'],
};

/** COCO classes that a name of a standard stands for; undefined for a name nobody knows. */
export function classesOf(name: string, known: readonly string[]): readonly string[] | undefined {
  const word = name.trim().toLowerCase();
  return NAMES[word] ?? (known.includes(word) ? [word] : undefined);
}

/** Things of a workplace: they may stand on the desk, and what they show on themselves is no clutter. */
export const EQUIPMENT: readonly string[] = [
  'tv',
  'laptop',
  'keyboard',
  'mouse',
  'chair',
  'couch',
  'potted plant',
  'vase',
];

/** Things that lie about: each counts towards clutter as much as the network is sure of it. */
export const LOOSE: readonly string[] = [
  ...['backpack', 'umbrella', 'handbag', 'suitcase', 'sports ball', 'bottle', 'wine glass', 'cup', 'fork', 'knife'],
  ...['spoon', 'bowl', 'cell phone', 'remote', 'book', 'scissors', 'teddy bear', 'hair drier', 'toothbrush', ...FOOD],
];

/** Where a standard says nothing: food, bags and umbrellas do not belong on a counter, whatever else does. */
export const FORBIDDEN_BY_DEFAULT: readonly string[] = [...FOOD, ...BAGS, 'umbrella'];
/** Where a standard says nothing: how many of these may stand on a desk. */
export const MOST_BY_DEFAULT: Readonly<Record<string, number>> = { cup: 1, bottle: 1, bowl: 0 };
