/** Alarm statuses by number (facts/ca.md section 4). */
const statuses = [
  ...['NO_ALARM', 'READ', 'WRITE', 'HIHI', 'HIGH', 'LOLO', 'LOW', 'STATE', 'COS', 'COMM'],
  ...['TIMEOUT', 'HWLIMIT', 'CALC', 'SCAN', 'LINK', 'SOFT', 'BAD_SUB', 'UDF', 'DISABLE', 'SIMM'],
  ...['READ_ACCESS', 'WRITE_ACCESS'],
];
const severities = ['NO_ALARM', 'MINOR', 'MAJOR', 'INVALID'];

export function statusName(status: number): string {
  return statuses[status] ?? `status ${status}`;
}

export function severityName(severity: number): string {
  return severities[severity] ?? `severity ${severity}`;
}
