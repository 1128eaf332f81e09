/** Findings about cameras. */
export const healthMessages = {
  'health.offline': { zh: '摄像机离线', en: 'Camera offline' },
  'health.flapping': { zh: '摄像机时断时续', en: 'Camera flapping' },
  'health.auth-failed': { zh: '摄像机认证失败', en: 'Camera refuses the password' },
  'health.frozen': { zh: '画面冻结', en: 'Picture frozen' },
  'health.covered': { zh: '画面被遮挡', en: 'Picture covered' },
  'health.dark': { zh: '画面过暗', en: 'Picture too dark' },
  'health.moved': { zh: '摄像机被移动', en: 'Camera moved' },
  'health.out-of-focus': { zh: '画面失焦', en: 'Out of focus' },
  'health.clock': { zh: '摄像机时钟偏差', en: 'Camera clock is off' },
  'health.low-rate': { zh: '帧率过低', en: 'Frame rate low' },
  'health.long-gop': { zh: '关键帧间隔过长', en: 'Key frames too far apart' },
  'health.garbage': { zh: '码流损坏', en: 'Stream damaged' },
  'health.detector-behind': { zh: '分析积压', en: 'Detector behind' },
} as const;
