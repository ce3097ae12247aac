import { recordData } from './field-data.ts';

/** Choices of every menu that the record types use (EPICS base 7.0.8). */
export const menus = recordData.menus;

/** Choices of FTVL. */
export const elementTypes = [
  'STRING',
  'CHAR',
  'UCHAR',
  'SHORT',
  'USHORT',
  'LONG',
  'ULONG',
  'INT64',
  'UINT64',
  'FLOAT',
  'DOUBLE',
  'ENUM',
] as const;
