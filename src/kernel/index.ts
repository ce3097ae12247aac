export type { Brand } from './brand.ts';
export { type Clock, nextTurn, sleep, systemClock, turnClock } from './clock.ts';
export { type Codec, decoded, encoded, nothing } from './codec.ts';
export { cp1252Bytes, cp1252Text } from './cp1252.ts';
export {
  EPICS_EPOCH_UNIX_SECONDS,
  epicsNanoseconds,
  epicsNow,
  epicsSeconds,
  type Filetime,
  filetimeOf,
  isoTime,
  unixMs,
} from './epoch.ts';
export { hexExcerpt, IocError, MalformedFrame, messageOf } from './errors.ts';
export { type FrameRule, Framer } from './framer.ts';
export { collectGarbage } from './garbage.ts';
export { formatGeneral } from './general-format.ts';
export { type Json5, type Json5Entry, parseJson5 } from './json5.ts';
export { LineRing } from './line-ring.ts';
export { listening } from './listening.ts';
export { createLog, type Log, type LogFormat, silentLog } from './log.ts';
export { type Endian, Reader } from './reader.ts';
export { aborted, type Closable, Scope } from './scope.ts';
export { syncFolder } from './sync-folder.ts';
export { Writer } from './writer.ts';
export {
  childOf,
  childrenOf,
  escapeXml,
  parseXml,
  type XmlDocument,
  type XmlElement,
} from './xml.ts';
