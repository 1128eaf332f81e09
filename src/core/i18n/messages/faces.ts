/** What is said of a photo that somebody gives for the roster, and of a face that was compared with it. */
export const facesMessages = {
  'faces.enrol.good': { zh: '照片合格', en: 'the photo is good' },
  'faces.enrol.no-face': { zh: '没有找到人脸，请换一张正面照', en: 'no face was found: give a photo from the front' },
  'faces.enrol.two-faces': {
    zh: '照片里不止一张脸，请换一张单人照',
    en: 'more than one face: give a photo of this person alone',
  },
  'faces.enrol.cut-off': { zh: '人脸没有拍全，请让整张脸入镜', en: 'the face is cut off: show all of it' },
  'faces.enrol.too-small': { zh: '人脸太小，请走近一些再拍', en: 'the face is too small: take the photo from nearer' },
  'faces.enrol.side-face': {
    zh: '脸没有正对镜头，请正视镜头',
    en: 'the face is turned away: look straight into the camera',
  },
  'faces.enrol.blurred': {
    zh: '人脸模糊，请拿稳并在光线充足处重拍',
    en: 'the face is blurred: hold still, in good light',
  },
  'faces.enrol.covered': { zh: '口鼻被遮挡，请摘下口罩重拍', en: 'mouth and nose are covered: take the mask off' },
  'faces.enrol.used': { zh: '暂时仍用于比对', en: 'used for now' },
  'faces.outcome.rostered': { zh: '名单内人员', en: 'On the roster' },
  'faces.outcome.rostered-wrong-room': { zh: '应在其他评标室', en: 'Rostered for another room' },
  'faces.outcome.known-not-rostered': { zh: '其他项目人员', en: 'Known, not on this roster' },
  'faces.outcome.stranger': { zh: '名单外人员', en: 'Stranger' },
  'faces.outcome.unidentified': { zh: '无法识别，请人工核对', en: 'Not identified: please check' },
} as const;
