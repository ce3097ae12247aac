/** A measurement as a strict thin-edge parser accepts it, or an error that says why not. */
export function parsedMeasurement(payload: string): Record<string, unknown> {
  const value: unknown = JSON.parse(payload);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`a measurement is an object: ${payload}`);
  }
  const measured = Object.entries(value).filter(([key]) => key !== 'time' && key !== 'properties');
  if (measured.length === 0) throw new Error(`a measurement without values: ${payload}`);
  if ('time' in value) checkTime(value.time);
  for (const [name, member] of measured) {
    checkName(name);
    if (typeof member === 'number') checkNumber(name, member);
    else checkGroup(name, member);
  }
  return value as Record<string, unknown>;
}

/** RFC 3339 text or Unix seconds, as telemetry, events and alarms have it. */
export function checkTime(time: unknown): void {
  const isText = typeof time === 'string' && rfc3339.test(time) && !Number.isNaN(Date.parse(time));
  const isSeconds = typeof time === 'number' && time >= -377_705_116_800 && time <= 253_402_300_799;
  if (!isText && !isSeconds) throw new Error(`no time: ${JSON.stringify(time)}`);
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function checkGroup(name: string, group: unknown): void {
  if (typeof group !== 'object' || group === null || Array.isArray(group)) {
    throw new Error(`${name} is no number: ${JSON.stringify(group)}`);
  }
  const members = Object.entries(group);
  if (members.length === 0) throw new Error(`${name} is an empty group`);
  for (const [member, value] of members) {
    checkName(member);
    checkNumber(`${name}.${member}`, value);
  }
}

/** As documented, and nothing that mappers refuse. */
function checkName(name: string): void {
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) throw new Error(`"${name}" is no name of a value`);
  if (name === 'type' || name === 'externalSource') throw new Error(`${name} is reserved`);
}

/** Subnormal numbers lose the whole message. */
function checkNumber(name: string, value: unknown): void {
  if (typeof value !== 'number') throw new Error(`${name} is no number: ${JSON.stringify(value)}`);
  if (!Number.isFinite(value)) throw new Error(`${name} is too large`);
  if (value !== 0 && Math.abs(value) < 2.2250738585072014e-308) {
    throw new Error(`${name} is subnormal: ${value}`);
  }
}
