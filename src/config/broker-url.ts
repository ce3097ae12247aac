import { z } from 'zod';

/** A broker's address; it may hold a user and a password, hence is not shown. */
export const brokerUrl = z.string().refine((text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^(mqtts?|wss?):$/.test(url.protocol) && url.hostname !== '';
}, 'must be mqtt://host:1883 or ws://host:80/path or, with TLS, mqtts://host:8883 or wss://host/path');
