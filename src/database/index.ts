export type {
  AccessAuthority,
  AccessCondition,
  AccessFile,
  AccessGroup,
  AccessInput,
  AccessMembers,
  AccessRight,
  AccessRule,
  AccessUnknown,
} from './access-file.ts';
export { formatG } from './c-format.ts';
export type {
  BreakTable,
  Database,
  DatabaseRecord,
  DatabaseValue,
  JsonValue,
  Position,
} from './database.ts';
export { DatabaseLoader, type DatabaseOptions } from './database-loader.ts';
export { escaped, escapedBytes, textOfBytes, unescaped } from './escapes.ts';
export type { Expansion, MacroFault } from './macro-expansion.ts';
export { type MacroFallback, MacroTable } from './macros.ts';
export { type MsiOptions, type MsiOutput, msi } from './msi.ts';
export { DatabaseError, type DatabaseProblem, problemText } from './problem.ts';
export { type AccessOptions, parseAccessFile, readAccessFile } from './read-access.ts';
export { type DatabaseFile, readDatabase } from './read-database.ts';
export {
  hasRequestFile,
  type RequestedPv,
  type RequestOptions,
  readRequestFile,
} from './request-file.ts';
export {
  isComplete,
  missingLine,
  parseSaved,
  type SavedSet,
  type SavedValue,
  savedEnd,
  savedHead,
  savedLine,
  stamp,
} from './saved-set.ts';
export { writeDatabase } from './write-database.ts';
