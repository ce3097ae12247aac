export type {
  Database,
  DatabaseRecord,
  DatabaseValue,
  JsonValue,
  Position,
} from './database.ts';
