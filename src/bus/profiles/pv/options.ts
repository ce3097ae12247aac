/** How the PVs that a pattern names are published; the first rule that matches counts. */
export interface PvRule {
  readonly pv: RegExp;
  /** Seconds between two messages of one PV, at least. */
  readonly period?: number;
  /** Changes up to this are not published, compared with what was published last. */
  readonly deadband?: number;
  /** The same in percent of the display range; of a PV without a range it does not count. */
  readonly percent?: number;
  /** Rows of characters are text, up to their NUL. */
  readonly asText?: boolean;
}

/** Which puts come in over MQTT; without it none do. */
export interface PvSetOptions {
  /** PVs that may be put to. */
  readonly allow: readonly RegExp[];
  /** Who puts, for access security and the put log. */
  readonly user: string;
  /** Host of the same; the broker says nothing of where a message comes from. */
  readonly host: string;
  /** Seconds until a put that is not over is given up. */
  readonly timeout: number;
  /** Seconds that a wish with a time of its own may be old. */
  readonly maxAge: number;
  /** Puts under way at most. */
  readonly maxPending: number;
}

/** Home Assistant finds the terminals by itself. */
export interface HomeAssistantOptions {
  /** Where it looks for devices: `homeassistant`. */
  readonly prefix: string;
  /** Records beside the attributes of terminals, which the IOC shows as a device of its own. */
  readonly include: readonly RegExp[];
}

/** The `pv` profile: plain topics for each PV. */
export interface PvProfileOptions {
  /** What all topics begin with: `epics/bl07`. */
  readonly prefix: string;
  /** Colons of names part levels of topics; else a name is one level. */
  readonly splitNames: boolean;
  readonly payload: 'json' | 'raw';
  /** Rows as lists of JSON, or as a block of bytes in base64 with its type. */
  readonly arrays: 'json' | 'base64';
  readonly include: readonly RegExp[];
  readonly exclude: readonly RegExp[];
  readonly rules: readonly PvRule[];
  /** Seconds between two looks at what changed. */
  readonly tick: number;
  /** Seconds between two messages of one PV at least, where no rule says otherwise. */
  readonly period: number;
  /** Seconds after which a value is published again, though it did not change. */
  readonly heartbeat: number;
  readonly retain: boolean;
  readonly qos: 0 | 1;
  /** Messages of one tick, at most: a full image of many PVs takes several. */
  readonly burst: number;
  /** Bytes of a payload, at most, out and in. */
  readonly maxBytes: number;
  readonly set?: PvSetOptions;
  readonly homeAssistant?: HomeAssistantOptions;
}
