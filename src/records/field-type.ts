/** Database field types of EPICS (facts/ca.md section 3, last lines). */
export type FieldType =
  | 'STRING'
  | 'CHAR'
  | 'UCHAR'
  | 'SHORT'
  | 'USHORT'
  | 'LONG'
  | 'ULONG'
  | 'INT64'
  | 'UINT64'
  | 'FLOAT'
  | 'DOUBLE'
  | 'ENUM'
  | 'MENU'
  | 'DEVICE'
  | 'INLINK'
  | 'OUTLINK'
  | 'FWDLINK';
