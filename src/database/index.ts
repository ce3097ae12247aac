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
export type {
  BreakTable,
  Database,
  DatabaseRecord,
  DatabaseValue,
  JsonValue,
  Position,
} from './database.ts';
export { DatabaseLoader, type DatabaseOptions } from './database-loader.ts';
export { escaped, unescaped } from './escapes.ts';
export type { Expansion, MacroFault } from './macro-expansion.ts';
export { type MacroFallback, MacroTable } from './macros.ts';
export { DatabaseError, type DatabaseProblem, problemText } from './problem.ts';
export { type DatabaseFile, readDatabase } from './read-database.ts';
