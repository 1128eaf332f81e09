/** What is said of an incident. */
export const alertMessages = {
  'rule.absence': { zh: '离岗', en: 'Absence from window' },
  'rule.desk': { zh: '桌面物品摆放', en: 'Desk order' },
  'rule.sealedRoom': { zh: '非评标人员', en: 'Sealed area' },
  'rule.speech': { zh: '评标敏感词', en: 'Sensitive word' },
  'step.open': { zh: '发生', en: 'Opened' },
  'step.escalated': { zh: '升级', en: 'Escalated' },
  'step.ended': { zh: '结束', en: 'Ended' },
  'alert.absence': {
    zh: '空岗 {duration},期间画面覆盖率 {coverage}%',
    en: 'Nobody at the window for {duration}; the camera saw {coverage} % of it',
  },
} as const;
