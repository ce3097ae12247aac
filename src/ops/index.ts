export type { PutLogMode } from './put-log/burst-filter.ts';
export { openPutLog, type PutLog, type PutLogOptions } from './put-log/put-log.ts';
export type { PutLogCounters } from './put-log/sink.ts';
