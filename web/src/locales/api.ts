export const api = {
  offline: ['无法连接服务器，请检查网络', 'The server cannot be reached; check the network'],
  unexpected: ['服务器返回了无法理解的内容（{status}）', 'The server answered something unexpected ({status})'],
  conflict: [
    '其他人刚刚处理过，已为您刷新，请核对后再操作',
    'Somebody else moved first; this is the new state, please check',
  ],
  replayed: ['该操作已提交成功，已刷新', 'That action had already gone through; refreshed'],
  unavailable: ['暂不可用：{reason}', 'Not available: {reason}'],
  restartNeeded: ['已保存，重启服务后生效', 'Saved; in force after the next restart'],
  reloaded: ['已保存并生效', 'Saved and in force'],
} as const;
