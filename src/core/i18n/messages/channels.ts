/** What is told in a chat group: never a name of a person, a picture, a word that was said. */
export const channelMessages = {
  'channel.high': { zh: '优先', en: 'Urgent' },
  'channel.title': { zh: '【{rule}】{place}', en: '[{rule}] {place}' },
  'channel.titleHigh': { zh: '【{rule}·优先】{place}', en: '[{rule}, urgent] {place}' },
  'channel.step.open': { zh: '{sentence}', en: '{sentence}' },
  'channel.step.escalated': { zh: '已升级:{sentence}', en: 'Escalated: {sentence}' },
  'channel.step.ended': { zh: '已结束:{sentence}', en: 'Ended: {sentence}' },
  'channel.speech': { zh: '出现评标敏感词,请登录督查系统查看', en: 'A sensitive word was said; see it on the board' },
  'channel.since': { zh: '开始时间 {time}', en: 'Since {time}' },
  'channel.number': { zh: '编号 {id}', en: 'No. {id}' },
  'channel.link': { zh: '处理:{url}', en: 'Handle: {url}' },
  'channel.camera': { zh: '【设备】摄像机 {camera}:{findings}', en: '[Device] Camera {camera}: {findings}' },
  'channel.cameraFine': { zh: '【设备】摄像机 {camera}:恢复正常', en: '[Device] Camera {camera}: fine again' },
  'channel.digest': {
    zh: '【告警汇总】{from} 至 {to} 共 {count} 条,其中优先 {high} 条',
    en: '[Digest] {count} alerts from {from} to {to}, {high} of them urgent',
  },
  'channel.digestLine': { zh: '{rule} {count} 条:{places}', en: '{rule}: {count} at {places}' },
  'channel.digestCameras': { zh: '设备变化 {count} 条:{places}', en: 'Cameras, {count} changes: {places}' },
  'channel.more': { zh: '{places} 等 {count} 处', en: '{places} and others, {count} in all' },
} as const;
