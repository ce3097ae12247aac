/** A value as JSON can say it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object: what a command, its result and a capability are. */
export interface JsonObject {
  readonly [key: string]: Json;
}
