/** Identifiers that must not be mixed. All match `ID_PATTERN`, so they are safe in topics, paths and URLs. */
export type CameraId = string & { readonly id: 'camera' };
export type WindowId = string & { readonly id: 'window' };
export type RoomId = string & { readonly id: 'room' };
/** What a rule judges: a window or a room. Window and room ids share one namespace; the config loader refuses a clash. */
export type SubjectId = (string & { readonly id: 'subject' }) | WindowId | RoomId;
export type IncidentId = string & { readonly id: 'incident' };

export const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

export const cameraId = (text: string): CameraId => text as CameraId;
export const windowId = (text: string): WindowId => text as WindowId;
export const roomId = (text: string): RoomId => text as RoomId;
export const subjectId = (text: string): SubjectId => text as SubjectId;
