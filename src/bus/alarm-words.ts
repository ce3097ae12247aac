/** Alarm statuses by number, as EPICS spells them (facts/ca.md section 4). */
const statuses = [
  ...['NO_ALARM', 'READ', 'WRITE', 'HIHI', 'HIGH', 'LOLO', 'LOW', 'STATE', 'COS', 'COMM'],
  ...['TIMEOUT', 'HWLIMIT', 'CALC', 'SCAN', 'LINK', 'SOFT', 'BAD_SUB', 'UDF', 'DISABLE', 'SIMM'],
  ...['READ_ACCESS', 'WRITE_ACCESS'],
];

/** `HIHI` of 3. */
export function statusWord(status: number): string {
  return statuses[status] ?? String(status);
}
