/** Metadata of record types that tell no limits of any field. */
export function noLimits() {
  return { display: none, control: none };
}

const none = { low: 0, high: 0 };
