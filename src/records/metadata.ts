/** What a field tells beside its value; limits that a record does not have are NaN (alarm) or 0. */
export interface Metadata {
  readonly units: string;
  /** Digits after the decimal point; only floating-point fields have it. */
  readonly precision: number;
  readonly display: { readonly low: number; readonly high: number };
  readonly control: { readonly low: number; readonly high: number };
  readonly alarm: {
    readonly lolo: number;
    readonly low: number;
    readonly high: number;
    readonly hihi: number;
  };
  /** State or menu names; empty for fields that have none. */
  readonly labels: readonly string[];
}
