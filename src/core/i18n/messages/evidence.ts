/** What is told of recording and evidence. */
export const evidenceMessages = {
  'evidence.disk-low': {
    zh: '磁盘按当前速度约 {hours} 小时后写满，届时将提前清理录像。请扩容。',
    en: 'At this rate the disk is full in about {hours} hours and recordings are deleted early. Add space.',
  },
  'evidence.disk-short': {
    zh: '磁盘不足，且没有可以提前清理的录像。录像可能中断，告警仍会记录。请立即扩容。',
    en: 'The disk is short and no recording may be deleted early. Recording may stop; alerts are still kept. Add space now.',
  },
} as const;
